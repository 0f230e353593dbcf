import { fromWire } from '../client/wire.ts'
import type { JsonValue } from './document-edit.ts'

/** Numbers, true/false and JSON are kept as such, everything else is text; nothing means no value. */
export function parseValue(text: string): JsonValue | undefined {
  if (text === '') return undefined
  if (/^(-?\d+(\.\d+)?|true|false|\[.*\]|\{.*\})$/s.test(text)) {
    try {
      return fromWire<JsonValue>(JSON.parse(text))
    } catch {
      return text
    }
  }
  return text
}

/** A value as a text box shows it; what `parseValue` reads back. */
export const showValue = (value: JsonValue | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
