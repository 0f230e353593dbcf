import * as z from 'zod'
import { Millis } from '../../../core/contract/ids.ts'
import type { JsonObject } from '../../../core/json.ts'
import { isJsonArray, isJsonObject, parseJson, type Json } from '../../../core/json.ts'

/** A schema of the contract as OpenAPI 3.1 has it (JSON Schema 2020-12): times as REST writes them, any JSON as the empty schema. */
export function toOpenApiSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const made = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
    cycles: 'ref',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== Millis) return
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key)
      Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
    },
  })
  const json = parseJson(JSON.stringify(made))
  return isJsonObject(json) ? withoutDefinitions(json) : {}
}

/** `z.json()` refers to itself, which inside another document would point nowhere; it means any value. */
function withoutDefinitions(schema: JsonObject): JsonObject {
  const { $schema: _, $defs: __, ...rest } = schema
  const cleaned = clean(rest)
  return isJsonObject(cleaned) ? cleaned : {}
}

function clean(value: Json): Json {
  if (isJsonArray(value)) return value.map(clean)
  if (!isJsonObject(value)) return value
  if (typeof value['$ref'] === 'string') return {}
  const entries = Object.entries(value).filter(([key, inner]) => !isNoise(key, inner))
  return Object.fromEntries(entries.map(([key, inner]) => [key, clean(inner)]))
}

/** Bounds of what a number can be at all, and that keys are texts. */
const isNoise = (key: string, value: Json): boolean =>
  (key === '$defs' && isJsonObject(value)) ||
  ((key === 'minimum' || key === 'maximum') && typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER) ||
  (key === 'propertyNames' && isJsonObject(value) && value['type'] === 'string' && Object.keys(value).length === 1)
