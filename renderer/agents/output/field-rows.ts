import type { DocumentJson } from '../../../core/contract/index.ts'
import { voiceFields } from '../../../core/agent/voice-words.ts'
import { isJsonObject } from '../../../core/json.ts'
import { textAt, valueAt, withValueAt, type JsonValue, type Path } from '../document-edit.ts'

/** Where the rows of the output stand; a tool's parameters are such rows as well. */
export const FIELDS: Path = ['schema_config', 'fields']
const SPOKEN = ['schema_config', 'spoken_field'] as const
const STYLE = ['tts_config', 'instruction_field'] as const

/** A row of the output table as far as it can be read; the document may be invalid while it is being typed. */
export type FieldRow = Readonly<{
  field_name: string
  field_type: string
  description: string
  required: boolean
  default?: JsonValue
  constraints: Readonly<Record<string, JsonValue>>
  hidden: boolean
  /** Its value steers the voice, beside that of the voice-style field. */
  steers: boolean
}>

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } => isJsonObject(value)
const text = (value: JsonValue | undefined, fallback = ''): string => (typeof value === 'string' ? value : fallback)
const object = (value: JsonValue | undefined) => (isObject(value) ? value : {})

export const rawFields = (content: DocumentJson, list = FIELDS): readonly JsonValue[] => {
  const value = valueAt(content, list)
  return Array.isArray(value) ? value : []
}

export const readFields = (content: DocumentJson, list = FIELDS): readonly FieldRow[] => rawFields(content, list).map(readField)

function readField(value: JsonValue): FieldRow {
  const raw = object(value)
  return {
    field_name: text(raw['field_name']),
    field_type: text(raw['field_type'], 'str'),
    description: text(raw['description']),
    required: raw['required'] !== false,
    ...(raw['default'] === undefined ? {} : { default: raw['default'] }),
    constraints: object(raw['constraints']),
    hidden: object(raw['metadata'])['hidden'] === true,
    steers: object(raw['metadata'])['use_in_tts'] === true,
  }
}

export const spokenField = (content: DocumentJson): string => textAt(content, SPOKEN) || 'system_response'
export const styleField = (content: DocumentJson): string => textAt(content, STYLE) || 'voice_instructions'

const withFields = (content: DocumentJson, fields: readonly JsonValue[], list = FIELDS) => withValueAt(content, list, [...fields])

export function moveField(content: DocumentJson, from: number, to: number, list = FIELDS): DocumentJson {
  const fields = [...rawFields(content, list)]
  const [moved] = fields.splice(from, 1)
  if (moved === undefined || from === to || to < 0 || to > fields.length) return content
  fields.splice(to, 0, moved)
  return withFields(content, fields, list)
}

export const insertField = (content: DocumentJson, at: number, field: JsonValue, list = FIELDS): DocumentJson =>
  withFields(content, [...rawFields(content, list).slice(0, at), field, ...rawFields(content, list).slice(at)], list)

export const removeField = (content: DocumentJson, at: number, list = FIELDS): DocumentJson =>
  withFields(
    content,
    rawFields(content, list).filter((_, index) => index !== at),
    list,
  )

/** The rows in the order of `names`; rows that it does not name keep their place at the end. */
export function orderFields(content: DocumentJson, names: readonly string[]): DocumentJson {
  const place = (field: JsonValue) => {
    const found = names.indexOf(readField(field).field_name)
    return found < 0 ? names.length : found
  }
  return withFields(
    content,
    [...rawFields(content)].sort((a, b) => place(a) - place(b)),
  )
}

/** A new row with a name that is still free. */
export function newField(content: DocumentJson, list = FIELDS): JsonValue {
  const taken = new Set(readFields(content, list).map(({ field_name }) => field_name))
  let number = 1
  while (taken.has(`field_${number}`)) number += 1
  return { field_name: `field_${number}`, field_type: 'str', description: '', required: true, constraints: {}, metadata: {} }
}

/** What is spoken or steers the voice goes by name: a rename takes the role along. */
export function renameField(content: DocumentJson, at: number, name: string, list = FIELDS): DocumentJson {
  if (list !== FIELDS) return withValueAt(content, [...list, at, 'field_name'], name)
  const before = readFields(content)[at]?.field_name
  let next = withValueAt(content, [...FIELDS, at, 'field_name'], name)
  if (before && spokenField(content) === before) next = withValueAt(next, SPOKEN, name)
  if (before && styleField(content) === before) next = withValueAt(next, STYLE, name)
  return next
}

export type Role = 'spoken' | 'style' | 'steers' | 'hidden' | 'shown'

export function roleOf(content: DocumentJson, row: FieldRow): Role {
  if (row.field_name === spokenField(content)) return 'spoken'
  if (row.field_name === styleField(content)) return 'style'
  if (row.steers) return 'steers'
  return row.hidden ? 'hidden' : 'shown'
}

export function setRole(content: DocumentJson, at: number, role: Role): DocumentJson {
  const name = readFields(content)[at]?.field_name ?? ''
  const marked = (now: DocumentJson, row: number, key: 'hidden' | 'use_in_tts', is: boolean) =>
    withValueAt(now, [...FIELDS, row, 'metadata', key], is || undefined)
  const other = marked(marked(content, at, 'hidden', role === 'hidden'), at, 'use_in_tts', role === 'steers')
  switch (role) {
    case 'spoken': {
      // What is spoken no more does not steer the voice because it was.
      const before = readFields(content).findIndex(({ field_name }) => field_name === spokenField(content))
      return withValueAt(before < 0 ? other : marked(other, before, 'use_in_tts', false), SPOKEN, name)
    }
    case 'style':
      return withValueAt(other, STYLE, name)
    case 'steers':
    case 'hidden':
    case 'shown':
      return other
  }
}

/** What the voice is told. */
export const steeringFields = (content: DocumentJson): readonly string[] =>
  voiceFields(
    readFields(content).map(({ field_name, steers }) => ({ field_name, metadata: { use_in_tts: steers } })),
    spokenField(content),
    styleField(content),
  ).map(({ field_name }) => field_name)

/** Another type keeps only the constraints and the default that still mean something. */
export function setType(
  content: DocumentJson,
  at: number,
  type: string,
  allowed: readonly string[],
  list = FIELDS,
): DocumentJson {
  const row = readFields(content, list)[at]
  const path = [...list, at]
  const constraints = Object.fromEntries(Object.entries(row?.constraints ?? {}).filter(([name]) => allowed.includes(name)))
  const typed = withValueAt(withValueAt(content, [...path, 'field_type'], type), [...path, 'constraints'], constraints)
  return withValueAt(typed, [...path, 'default'], undefined)
}
