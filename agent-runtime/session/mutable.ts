import type { JournalBody } from '../../core/contract/session-events.ts'
import { isJsonArray, type Json } from '../../core/json.ts'

export type JournalJson = Extract<JournalBody, { type: 'field.done' }>['value']

/** The contract's JSON type is writable; ours is not. */
export function mutable(value: Json): JournalJson {
  if (typeof value !== 'object' || value === null) return value
  if (isJsonArray(value)) return value.map(mutable)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mutable(inner)]))
}
