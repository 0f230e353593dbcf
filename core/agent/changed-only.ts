import canonicalize from 'canonicalize'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** What of `body` is not in `now` just so: objects are looked into, everything else is compared whole. */
export function changedOnly(body: JsonObject, now: JsonObject): JsonObject {
  const changed = Object.entries(body).flatMap(([key, value]): [string, Json][] => {
    const old = now[key]
    if (isJsonObject(value) && isJsonObject(old)) {
      const inner = changedOnly(value, old)
      return Object.keys(inner).length > 0 ? [[key, inner]] : []
    }
    return old !== undefined && canonicalize(old) === canonicalize(value) ? [] : [[key, value]]
  })
  return Object.fromEntries(changed)
}
