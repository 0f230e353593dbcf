import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { JsonObject } from '../json.ts'
import { exampleOutput } from './example-output.ts'
import { fieldDefinitionProblems } from './field-definition.ts'
import { toJsonSchema, toPortableSchema, type SchemaField } from './json-schema.ts'
import { validateOutput } from './validate-output.ts'

const field = (field_name: string, field_type: string, more: Partial<SchemaField> = {}): SchemaField => ({
  field_name,
  field_type,
  description: '',
  required: true,
  constraints: {},
  ...more,
})

test('the table as strict JSON Schema', () => {
  const fields = [
    field('stage', `Literal['intro', 'close']`, { description: 'Where we are' }),
    field('score', 'int', { constraints: { ge: 1, le: 10 } }),
    field('ratio', 'float', { required: false, constraints: { gt: 0, lt: 1, multiple_of: 0.1 } }),
    field('mood', `Literal['calm']`, { required: false }),
    field('said', 'str', { constraints: { min_length: 1, max_length: 9, pattern: '^a' } }),
    field('flags', 'list[str]', { constraints: { min_items: 1, max_items: 5, max_length: 20 } }),
  ]
  expect(JSON.stringify(toJsonSchema(fields), null, 1)).toBe(
    JSON.stringify(
      {
        type: 'object',
        properties: {
          stage: { type: 'string', enum: ['intro', 'close'], description: 'Where we are' },
          score: { type: 'integer', minimum: 1, maximum: 10 },
          ratio: { type: ['number', 'null'], exclusiveMinimum: 0, exclusiveMaximum: 1, multipleOf: 0.1 },
          mood: { type: ['string', 'null'], enum: ['calm', null] },
          said: { type: 'string', minLength: 1, maxLength: 9, pattern: '^a' },
          flags: { type: 'array', items: { type: 'string', maxLength: 20 }, minItems: 1, maxItems: 5 },
        },
        required: ['stage', 'score', 'ratio', 'mood', 'said', 'flags'],
        additionalProperties: false,
      },
      null,
      1,
    ),
  )
})

test('for a provider the limits are words, and a small range is a choice', () => {
  const schema = toPortableSchema([
    field('score', 'int', { description: 'How well', constraints: { ge: 1, le: 4 } }),
    field('percent', 'int', { constraints: { ge: 0, le: 100, multiple_of: 5 } }),
    field('style', 'str', { description: 'How it sounds.', constraints: { max_length: 80 } }),
    field('flags', 'list[str]', { required: false, constraints: { max_items: 5, max_length: 60 } }),
  ])
  expect(schema['properties']).toEqual({
    score: { type: 'integer', enum: [1, 2, 3, 4], description: 'How well. From 1 to 4.' },
    percent: { type: 'integer', description: 'From 0 to 100, a multiple of 5.' },
    style: { type: 'string', description: 'How it sounds. At most 80 characters.' },
    flags: {
      type: ['array', 'null'],
      items: { type: 'string' },
      description: 'At most 5 items, each item at most 60 characters.',
    },
  })
})

describe('schema, validator and example agree', () => {
  const range = (min: number, max: number) =>
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  const optionally = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const lengths = optionally(range(0, 12)).map((found) => (found ? { min_length: found[0], max_length: found[1] } : {}))
  const numbers = fc
    .tuple(optionally(range(-20, 20)), fc.constantFrom({}, { multiple_of: 2 }, { multiple_of: 5 }))
    .map(([found, step]) => ({ ...(found && { ge: found[0], le: found[1] }), ...step }))
    .filter((constraints) => fieldDefinitionProblems(field('x', 'int', { constraints })).length === 0)
  const items = optionally(range(0, 4)).map((found) => (found ? { min_items: found[0], max_items: found[1] } : {}))
  const typed = fc.oneof(
    lengths.map((constraints) => ({ field_type: 'str', constraints })),
    numbers.map((constraints) => ({ field_type: 'int', constraints })),
    numbers.map((constraints) => ({ field_type: 'float', constraints })),
    fc.constant({ field_type: 'bool', constraints: {} }),
    fc.constant({ field_type: `Literal['a', 'b c', "d'e"]`, constraints: {} }),
    fc.tuple(items, lengths).map(([a, b]) => ({ field_type: 'list[str]', constraints: { ...a, ...b } })),
    fc.tuple(items, numbers).map(([a, b]) => ({ field_type: 'list[int]', constraints: { ...a, ...b } })),
  )
  const table = fc
    .array(fc.tuple(typed, fc.boolean()), { maxLength: 6 })
    .map((rows) =>
      rows.map(([row, required], index) => field(`f${index}`, row.field_type, { constraints: row.constraints, required })),
    )
  const valueNear = fc.oneof(
    fc.string({ maxLength: 14 }),
    fc.constantFrom('a', 'b c', "d'e"),
    fc.integer({ min: -22, max: 22 }),
    fc.double({ min: -22, max: 22, noNaN: true }).map((value) => Math.round(value * 4) / 4),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string({ maxLength: 14 }), { maxLength: 5 }),
    fc.array(fc.integer({ min: -22, max: 22 }), { maxLength: 5 }),
  )

  test('what the validator accepts is exactly what the schema accepts', () => {
    fc.assert(
      fc.property(
        table.chain((fields) => fc.tuple(fc.constant(fields), fc.tuple(...fields.map(() => valueNear)))),
        ([fields, values]) => {
          const output: JsonObject = Object.fromEntries(
            fields.map(({ field_name }, index) => [field_name, values[index] ?? null]),
          )
          const accepted = z.fromJSONSchema(plain(toJsonSchema(fields))).safeParse(output).success
          expect(validateOutput(fields, output).problems.length === 0).toBe(accepted)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('an example fits its table', () => {
    fc.assert(
      fc.property(table, (fields) => {
        expect(validateOutput(fields, exampleOutput(fields)).problems).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

const plain = (schema: JsonObject): Parameters<typeof z.fromJSONSchema>[0] => JSON.parse(JSON.stringify(schema))
