import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts'
import { Field } from '../output/field.ts'

/** JSON Schema as the rows that tools have; `problem`: what cannot be said in rows. */
export type ReadParameters = Readonly<{ ok: true; fields: Field[] } | { ok: false; problem: string }>

/** Models fill in flat rows more surely than nested objects, and every provider can be held to them. */
export function readParameters(schema: Json): ReadParameters {
  if (!isJsonObject(schema) || schema['type'] !== 'object') return { ok: false, problem: 'its parameters are no object' }
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  const required = isJsonArray(schema['required']) ? schema['required'] : []
  const fields: Field[] = []
  for (const [name, property] of Object.entries(properties)) {
    const row = isJsonObject(property) ? rowOf(name, property, required.includes(name)) : undefined
    if (!row)
      return {
        ok: false,
        problem: `its parameter "${name}" is neither text, a number, true or false, a choice, nor a list of these`,
      }
    const field = Field.safeParse(row)
    if (!field.success)
      return { ok: false, problem: `its parameter "${name}": ${field.error.issues[0]?.message ?? 'is not right'}` }
    fields.push(field.data)
  }
  return { ok: true, fields }
}

function rowOf(field_name: string, given: JsonObject, isRequired: boolean): JsonObject | undefined {
  const { schema, nullable } = withoutNull(given)
  const field_type = typeOf(schema)
  if (field_type === undefined) return undefined
  const { description, minimum, maximum } = { ...given, ...schema }
  const fallback = given['default'] ?? schema['default']
  return {
    field_name,
    field_type,
    description: typeof description === 'string' ? description : '',
    required: isRequired && !nullable && fallback === undefined,
    ...(fallback !== undefined && { default: fallback }),
    constraints: { ...bound('ge', minimum), ...bound('le', maximum) },
  }
}

/** What is beyond is how libraries say "no limit" of whole numbers. */
const bound = (name: 'ge' | 'le', value: Json | undefined): JsonObject =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? { [name]: value } : {}

/** `anyOf: [X, null]`. */
function withoutNull(schema: JsonObject): Readonly<{ schema: JsonObject; nullable: boolean }> {
  const { anyOf } = schema
  if (!isJsonArray(anyOf)) return { schema, nullable: false }
  const others = anyOf.filter((one) => !(isJsonObject(one) && one['type'] === 'null'))
  const [only] = others
  return others.length === 1 && isJsonObject(only)
    ? { schema: only, nullable: anyOf.length > 1 }
    : { schema: {}, nullable: false }
}

const SIMPLE: Readonly<Record<string, string>> = { string: 'str', integer: 'int', number: 'float', boolean: 'bool' }

function typeOf(schema: JsonObject): string | undefined {
  const { type, items } = schema
  const choices = isJsonArray(schema['enum']) ? schema['enum'] : schema['const'] === undefined ? undefined : [schema['const']]
  if (choices) return choices.every((one) => typeof one === 'string') ? `Literal[${choices.map(quoted).join(', ')}]` : undefined
  if (type === 'array') {
    const inner = isJsonObject(items) ? typeOf(items) : undefined
    return inner === 'str' || inner === 'int' ? `list[${inner}]` : undefined
  }
  return typeof type === 'string' && Object.hasOwn(SIMPLE, type) ? SIMPLE[type] : undefined
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
