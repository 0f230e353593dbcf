import { expect, test } from 'vitest'
import type { DocumentJson } from '../../../core/contract/index.ts'
import {
  insertField,
  moveField,
  newField,
  orderFields,
  readFields,
  removeField,
  renameField,
  roleOf,
  setRole,
  steeringFields,
  setType,
} from './field-rows.ts'

const content: DocumentJson = {
  name: 'Ada',
  schema_config: {
    spoken_field: 'reply',
    fields: [
      {
        field_name: 'stage',
        field_type: "Literal['a', 'b']",
        default: 'a',
        constraints: { ge: 1, pattern: 'x' },
        'x-note': 'kept',
      },
      { field_name: 'style', field_type: 'str', metadata: { hidden: true, 'x-own': 1 } },
      { field_name: 'reply', field_type: 'str' },
    ],
  },
  tts_config: { instruction_field: 'style' },
}
const names = (document: DocumentJson) => readFields(document).map(({ field_name }) => field_name)

test('rows move, and a move out of the table changes nothing', () => {
  expect(names(moveField(content, 0, 2))).toEqual(['style', 'reply', 'stage'])
  expect(names(moveField(content, 2, 0))).toEqual(['reply', 'stage', 'style'])
  expect(moveField(content, 0, -1)).toBe(content)
  expect(moveField(content, 2, 3)).toBe(content)
})

test('a removed row comes back where it was, with everything in it', () => {
  const raw = (content['schema_config'] as { fields: DocumentJson[] }).fields[0] ?? {}
  expect(insertField(removeField(content, 0), 0, raw)).toEqual(content)
})

test('a rename takes the roles along', () => {
  const spoken = renameField(content, 2, 'answer')
  expect(readFields(spoken).map((row) => roleOf(spoken, row))).toEqual(['shown', 'style', 'spoken'])
  const style = renameField(content, 1, 'tone')
  expect(readFields(style).map((row) => roleOf(style, row))).toEqual(['shown', 'style', 'spoken'])
})

test('roles change one at a time and keep foreign keys', () => {
  const hidden = setRole(content, 0, 'hidden')
  expect(roleOf(hidden, readFields(hidden)[0]!)).toBe('hidden')
  const shown = setRole(hidden, 1, 'shown')
  expect(JSON.stringify(shown)).toContain('"x-own":1')
  const spoken = setRole(content, 0, 'spoken')
  expect(readFields(spoken).map((row) => roleOf(spoken, row))).toEqual(['spoken', 'style', 'shown'])
  const steers = setRole(content, 0, 'steers')
  expect(readFields(steers).map((row) => roleOf(steers, row))).toEqual(['steers', 'style', 'spoken'])
  expect(steeringFields(steers)).toEqual(['style', 'stage'])
  const moved = setRole(setRole(steers, 0, 'spoken'), 2, 'spoken')
  expect(readFields(moved).map((row) => roleOf(moved, row))).toEqual(['shown', 'style', 'spoken'])
})

test('another type drops what no longer means anything', () => {
  const row = readFields(setType(content, 0, 'int', ['ge', 'le']))[0]
  expect(row).toMatchObject({ field_type: 'int', constraints: { ge: 1 } })
  expect(row).not.toHaveProperty('default')
})

test('the proposed order keeps rows that it does not name', () => {
  expect(names(orderFields(content, ['reply', 'style']))).toEqual(['reply', 'style', 'stage'])
})

test('a new row has a free name', () => {
  const one = insertField(content, 3, newField(content))
  expect(names(insertField(one, 4, newField(one)))).toEqual(['stage', 'style', 'reply', 'field_1', 'field_2'])
})

test('an unreadable table has no rows', () => {
  expect(readFields({ schema_config: { fields: 'oops' } })).toEqual([])
  expect(readFields({ schema_config: { fields: [7] } })[0]).toMatchObject({ field_name: '', field_type: 'str' })
})
