import type { JsonValue } from './document-edit.ts'

/** Numbers, true/false and JSON are kept as such, everything else is text; nothing means no value. */
export function parseValue(text: string): JsonValue | undefined {
  if (text === '') return undefined
  if (/^(-?\d+(\.\d+)?|true|false|\[.*\]|\{.*\})$/s.test(text)) {
    try {
      const parsed: JsonValue = JSON.parse(text)
      return parsed
    } catch {
      return text
    }
  }
  return text
}
