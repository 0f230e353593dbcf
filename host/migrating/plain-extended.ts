import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** Extended JSON, as MongoDB's tools write it, as plain JSON: `{"$oid": "…"}` → "…". */
export const plainExtended = (document: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(document).map(([key, value]) => [key, plain(value)]))

function plain(value: Json): Json {
  if (isJsonArray(value)) return value.map(plain)
  if (!isJsonObject(value)) return value
  const [only, ...more] = Object.entries(value)
  if (!only || more.length > 0) return plainExtended(value)
  const [key, inner] = only
  switch (key) {
    case '$oid':
    case '$uuid':
      return inner
    case '$numberInt':
    case '$numberLong':
    case '$numberDouble':
    case '$numberDecimal':
      return Number(inner)
    case '$date':
      return dateOf(inner)
    default:
      return plainExtended(value)
  }
}

const dateOf = (value: Json): Json => (isJsonObject(value) ? new Date(Number(value['$numberLong'])).toISOString() : value)
