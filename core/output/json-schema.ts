import { isJsonArray, type Json, type JsonObject } from '../json.ts'
import { describeLimits, joinSentences, wholeRange } from './field-limits.ts'
import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType, type ParsedFieldType } from './field-type.ts'

export type SchemaField = FieldRule & Readonly<{ description: string }>

/** The table as strict JSON Schema: every field required, optional ones nullable, nothing else allowed, in the table's order. */
export const toJsonSchema = (fields: readonly SchemaField[]): JsonObject =>
  objectSchema(fields, (field, type) =>
    withNull(field, { ...typeSchema(type, field.constraints), ...described(field.description) }),
  )

/**
 * The same for a provider that is to enforce it. Which limit keywords "strict" modes take differs and an unknown one is an
 * error there, so limits are told in the description (a small range of whole numbers becomes choices) and checked afterwards.
 */
export const toPortableSchema = (fields: readonly SchemaField[]): JsonObject =>
  objectSchema(fields, (field, type) => {
    const range = type.kind === 'int' ? wholeRange(field.constraints) : undefined
    const schema = range ? { type: 'integer', enum: range } : typeSchema(type, {})
    const description = joinSentences([field.description, describeLimits(type, field.constraints)])
    return withNull(field, { ...schema, ...described(description) })
  })

function objectSchema(
  fields: readonly SchemaField[],
  property: (field: SchemaField, type: ParsedFieldType) => JsonObject,
): JsonObject {
  const properties = fields.flatMap((field): [string, JsonObject][] => {
    const parsed = parseFieldType(field.field_type)
    return parsed.ok ? [[field.field_name, property(field, parsed.type)]] : []
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  }
}

function typeSchema(type: ParsedFieldType, limits: FieldConstraints): JsonObject {
  switch (type.kind) {
    case 'str':
      return { type: 'string', ...stringLimits(limits) }
    case 'int':
      return { type: 'integer', ...numberLimits(limits) }
    case 'float':
      return { type: 'number', ...numberLimits(limits) }
    case 'bool':
      return { type: 'boolean' }
    case 'literal':
      return { type: 'string', enum: type.values }
    case 'list':
      return {
        type: 'array',
        items: type.item === 'str' ? { type: 'string', ...stringLimits(limits) } : { type: 'integer', ...numberLimits(limits) },
        ...given({ minItems: limits.min_items, maxItems: limits.max_items }),
      }
  }
}

const stringLimits = (limits: FieldConstraints): JsonObject =>
  given({ minLength: limits.min_length, maxLength: limits.max_length, pattern: limits.pattern })

const numberLimits = (limits: FieldConstraints): JsonObject =>
  given({
    minimum: limits.ge,
    exclusiveMinimum: limits.gt,
    maximum: limits.le,
    exclusiveMaximum: limits.lt,
    multipleOf: limits.multiple_of,
  })

const described = (description: string): JsonObject => (description.trim() === '' ? {} : { description })

function withNull(field: FieldRule, schema: JsonObject): JsonObject {
  if (field.required) return schema
  const choices = schema['enum']
  return {
    ...schema,
    type: [schema['type'] ?? 'string', 'null'],
    ...(isJsonArray(choices) ? { enum: [...choices, null] } : {}),
  }
}

const given = (keywords: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(keywords).filter((entry): entry is [string, Json] => entry[1] !== undefined))
