import * as z from 'zod'
import { Millis } from '../../../core/contract/ids.ts'

/** A value as REST writes it: what the contract counts in milliseconds since the epoch is ISO 8601 there. Undefined: nothing to change. */
export type TimeMapper = (value: unknown) => unknown

/** From a schema: where times stand is known to it alone, for documents may have numbers of their own under any key. */
export const writeTimes = (schema: z.ZodType): TimeMapper | undefined => mapperOf(schema, toIso)
export const readTimes = (schema: z.ZodType): TimeMapper | undefined => mapperOf(schema, toMillis)

const toIso: TimeMapper = (value) => (typeof value === 'number' ? new Date(value).toISOString() : value)

/** Numbers and digits are taken as they are; what is no time goes on to be refused by the contract. */
const toMillis: TimeMapper = (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return value
  const at = Date.parse(value)
  return Number.isNaN(at) ? value : at
}

function mapperOf(schema: unknown, leaf: TimeMapper): TimeMapper | undefined {
  if (schema === Millis) return leaf
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return mapperOf(schema.unwrap(), leaf)
  if (schema instanceof z.ZodReadonly) return mapperOf(schema.unwrap(), leaf)
  if (schema instanceof z.ZodPipe) return mapperOf(schema.def.out, leaf)
  if (schema instanceof z.ZodArray) return listMapper(mapperOf(schema.element, leaf))
  if (schema instanceof z.ZodRecord) return recordMapper(mapperOf(schema.valueType, leaf))
  if (schema instanceof z.ZodUnion) return unionMapper(schema.options.map((option) => mapperOf(option, leaf)))
  return schema instanceof z.ZodObject ? objectMapper(schema, leaf) : undefined
}

function objectMapper(schema: z.ZodObject, leaf: TimeMapper): TimeMapper | undefined {
  const inner = Object.entries(schema.shape).flatMap(([key, value]) => {
    const mapper = mapperOf(value, leaf)
    return mapper ? [[key, mapper] as const] : []
  })
  if (inner.length === 0) return undefined
  return (value) => {
    if (!isObject(value)) return value
    const mapped = inner.flatMap(([key, mapper]) => (value[key] === undefined ? [] : [[key, mapper(value[key])] as const]))
    return { ...value, ...Object.fromEntries(mapped) }
  }
}

const listMapper = (item: TimeMapper | undefined): TimeMapper | undefined =>
  item && ((value) => (Array.isArray(value) ? value.map(item) : value))

const recordMapper = (item: TimeMapper | undefined): TimeMapper | undefined =>
  item &&
  ((value) => (isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, item(inner)])) : value))

/** One after the other: what one has turned into text is no number to the next. */
function unionMapper(options: readonly (TimeMapper | undefined)[]): TimeMapper | undefined {
  const found = options.filter((option) => option !== undefined)
  return found.length === 0 ? undefined : (value) => found.reduce((now, mapper) => mapper(now), value)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
