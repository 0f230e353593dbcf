import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** A change of parts: objects merge key by key however deep, arrays and values replace, null takes the key out (as RFC 7396 says). */
export function mergeDocument(document: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map<string, Json>(Object.entries(document))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergedValue(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

const mergedValue = (old: Json | undefined, value: Json): Json =>
  isJsonObject(value) ? mergeDocument(isJsonObject(old) ? old : {}, value) : value
