import { isJsonObject, type Json } from '../../../core/json.ts'

/** JSON on one line with room to break: a space after every comma and colon. */
export function jsonLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(', ')}]`
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${jsonLine(inner)}`)
    return `{${entries.join(', ')}}`
  }
  return JSON.stringify(value)
}
