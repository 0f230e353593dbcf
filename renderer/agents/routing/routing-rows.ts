import type { DocumentJson } from '../../../core/contract/index.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '../../../core/json.ts'
import { DAYS } from '../../../core/routing/routing-config.ts'
import { SAMPLE_ROUTING } from '../../../core/routing/sample-routing.ts'
import { valueAt } from '../document-edit.ts'

export type Day = (typeof DAYS)[number]

/** A row as it stands in a document that may be half typed. */
export type AttributeRow = Readonly<{ key: string; equals: readonly string[] }>
export type HoursRow = Readonly<{ days: readonly Day[]; from: string; to: string; time_zone: string }>

const rowsAt = (content: DocumentJson, key: string): readonly JsonObject[] | undefined => {
  const list = valueAt(content, ['routing', key])
  return isJsonArray(list) ? list.map((row) => (isJsonObject(row) ? row : {})) : undefined
}

/** What a sample says by itself, until its document says something else. */
const ofSample = (content: DocumentJson) => {
  const id = textOf(content['agent_id'])
  return (Object.hasOwn(SAMPLE_ROUTING, id) && SAMPLE_ROUTING[id]) || {}
}

export function readPurposes(content: DocumentJson): readonly string[] {
  const list = valueAt(content, ['routing', 'purposes'])
  return isJsonArray(list) ? list.map(textOf) : (ofSample(content).purposes ?? [])
}

export function readAttributes(content: DocumentJson): readonly AttributeRow[] {
  const rows: readonly object[] = rowsAt(content, 'attributes') ?? ofSample(content).attributes ?? []
  return rows.map((row) => ({
    key: 'key' in row ? textOf(row.key) : '',
    equals: 'equals' in row && isJsonArray(row.equals) ? row.equals.map(textOf) : [],
  }))
}

export const readHours = (content: DocumentJson): readonly HoursRow[] =>
  (rowsAt(content, 'hours') ?? []).map(({ days, from, to, time_zone }) => ({
    days: isJsonArray(days) ? DAYS.filter((day) => days.includes(day)) : [],
    from: textOf(from),
    to: textOf(to),
    time_zone: textOf(time_zone),
  }))

/** A row without values asks only that the attribute is there. */
export const attributeJson = ({ key, equals }: AttributeRow) => ({ key, ...(equals.length > 0 && { equals: [...equals] }) })

export const hoursJson = ({ days, ...row }: HoursRow) => ({ days: [...days], ...row })

export const newHours = (): HoursRow => ({
  days: DAYS.slice(0, 5),
  from: '09:00',
  to: '17:00',
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
