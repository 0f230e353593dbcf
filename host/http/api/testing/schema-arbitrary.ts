import fc from 'fast-check'
import { isJsonArray, isJsonObject, parseJson, type Json, type JsonObject } from '../../../../core/json.ts'

/** Values that a schema of our own document allows, as far as it can be followed; `$ref` leads into `root`. */
export function fromSchema(schema: Json | undefined, root: JsonObject, depth = 0): fc.Arbitrary<Json> {
  if (!isJsonObject(schema) || depth > 6) return anyJson
  const reference = schema['$ref']
  if (typeof reference === 'string') return fromSchema(at(root, reference), root, depth + 1)
  if (schema['const'] !== undefined) return fc.constant(schema['const'])
  if (isJsonArray(schema['enum'])) return fc.constantFrom(...schema['enum'])
  const options = schema['anyOf'] ?? schema['oneOf']
  if (isJsonArray(options)) return fc.oneof(...options.map((option) => fromSchema(option, root, depth + 1)))
  switch (schema['type']) {
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.integer({ min: bound(schema['minimum'], -5), max: bound(schema['maximum'], 1_000_000) })
    case 'number':
      return fc.double({ min: bound(schema['minimum'], -5), max: bound(schema['maximum'], 1_000_000), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(fromSchema(schema['items'], root, depth + 1), { maxLength: 3 })
    case 'object':
      return objects(schema, root, depth)
    default:
      return anyJson
  }
}

/** Anything that can be sent. */
export const anyJson: fc.Arbitrary<Json> = fc.json({ maxDepth: 2 }).map((text) => parseJson(text) ?? null)

/** Texts of people, of attackers, and of those who meant something else. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    'null',
    'true',
    '../../etc/passwd',
    "' or 1=1 --",
    '{{ 7*7 }}',
    '$where',
    '\u0000',
    '\ud800',
    'é'.repeat(300),
    'constructor',
    '__proto__',
  ),
)

function texts(schema: JsonObject): fc.Arbitrary<string> {
  if (schema['format'] === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString())
  if (schema['format'] === 'uri') return fc.webUrl()
  if (schema['format'] === 'email') return fc.emailAddress()
  if (typeof schema['pattern'] === 'string') return fc.oneof(matching(schema['pattern']), anyText)
  return fc.oneof(
    fc.string({ minLength: bound(schema['minLength'], 0), maxLength: Math.min(30, bound(schema['maxLength'], 30)) }),
    anyText,
  )
}

function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 64))
  } catch {
    // fast-check makes no texts for some patterns (look-aheads).
    return anyText
  }
}

function objects(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<Json> {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  const required = isJsonArray(schema['required']) ? schema['required'].filter((key) => typeof key === 'string') : []
  const shape = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, fromSchema(value, root, depth + 1)]))
  const own = fc.record(shape, { requiredKeys: required.filter((key) => key in shape) })
  if (schema['additionalProperties'] === undefined || schema['additionalProperties'] === false) return own
  const more = fc.dictionary(fc.string({ maxLength: 8 }), anyJson, { maxKeys: 2 })
  return fc.tuple(more, own).map(([a, b]) => ({ ...a, ...b }))
}

const bound = (value: Json | undefined, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

const at = (root: JsonObject, reference: string): Json | undefined =>
  reference
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), root)
