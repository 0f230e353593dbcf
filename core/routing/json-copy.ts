import type { DocumentJson } from '../contract/agents.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** A copy that is the reader's own; a key that would be taken for a prototype is left out. */
export const copyObject = (value: JsonObject): DocumentJson =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === '__proto__' ? [] : [[key, copyValue(item)] as const])),
  )

function copyValue(value: Json): DocumentJson[string] {
  if (value === null || typeof value !== 'object') return value
  return isJsonObject(value) ? copyObject(value) : value.map(copyValue)
}
