import { expect, test } from 'vitest'
import { pointerParts, valueAt, withValueAt } from './document-edit.ts'

const document = { name: 'Ada', 'x-own': { kept: true }, schema_config: { fields: [{ field_name: 'a' }, { field_name: 'b' }] } }

test('a change leaves everything off its path as it is', () => {
  const next = withValueAt(document, ['schema_config', 'fields', 1, 'field_name'], 'c')
  expect(valueAt(next, ['schema_config', 'fields', 1, 'field_name'])).toBe('c')
  expect(next['x-own']).toBe(document['x-own'])
  expect(valueAt(document, ['schema_config', 'fields', 1, 'field_name'])).toBe('b')
})

test('missing parents are made, removed keys are gone', () => {
  expect(withValueAt({}, ['prompt_config', 'greeting'], 'Hi')).toEqual({ prompt_config: { greeting: 'Hi' } })
  expect(withValueAt({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 })
  expect(withValueAt(document, ['schema_config', 'fields', 0], undefined)).toMatchObject({
    schema_config: { fields: [{ field_name: 'b' }] },
  })
})

test('a name from a prototype is no value', () => {
  expect(valueAt({}, ['constructor'])).toBeUndefined()
})

test('pointers unescape', () => {
  expect(pointerParts('/a~1b/m~0n/3')).toEqual(['a/b', 'm~n', '3'])
})
