import { Binary, DBRef, Decimal128, Double, Int32, Long, ObjectId, Timestamp, UUID } from 'mongodb'
import type { Json, JsonObject } from '../../../core/json.ts'

/** Halves of letters cannot be kept as UTF-8, and must not make a text another one each time that it is read. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd')

/** A document of the database as JSON: what JSON does not know becomes the text or number that a person would write for it. */
export function toPlain(value: unknown): Json {
  switch (typeof value) {
    case 'string':
      return wellFormed(value)
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'bigint':
      return Number(value)
    case 'object':
      return value === null ? null : plainObject(value)
    default:
      return null
  }
}

export const toPlainObject = (value: object): JsonObject =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [wellFormed(key), toPlain(inner)]),
  )

function plainObject(value: object): Json {
  if (Array.isArray(value)) return value.map(toPlain)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof ObjectId || value instanceof UUID) return value.toString()
  if (value instanceof Timestamp || value instanceof Long) return value.toNumber()
  if (value instanceof Double || value instanceof Int32) return value.valueOf()
  if (value instanceof Decimal128) return Number(value.toString())
  if (value instanceof Binary) return value.toString('base64')
  if (value instanceof RegExp) return value.source
  if (value instanceof DBRef) return toPlainObject(value.toJSON())
  if ('_bsontype' in value) return null
  return toPlainObject(value)
}
