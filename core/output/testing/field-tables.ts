import fc from 'fast-check'
import { fieldDefinitionProblems } from '../field-definition.ts'
import type { FieldConstraints, FieldRule } from '../field-rule.ts'

const given = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const number = fc.oneof(
  fc.integer({ min: -30, max: 30 }),
  fc.integer({ min: -100_000, max: 100_000 }),
  fc.integer({ min: -300, max: 300 }).map((value) => value / 100),
)
const numberLimits = fc.record({
  ge: given(number),
  gt: given(number),
  le: given(number),
  lt: given(number),
  multiple_of: fc.option(fc.constantFrom(1, 2, 5, 0.5, 0.1, 7), { nil: undefined, freq: 3 }),
})
const textLimits = fc.record({ min_length: given(fc.nat(150)), max_length: given(fc.nat(500)) })
const listLimits = fc.record({ min_items: given(fc.nat(5)), max_items: given(fc.nat(12)) })
const word = fc.constantFrom('calm', 'it\'s "fine"', 'back\\slash', 'zwei Wörter', '日本', 'a(b)', 'null', '')
const literal = fc
  .uniqueArray(word, { minLength: 1, maxLength: 4 })
  .map((words) => `Literal[${words.map((text) => `'${text.replaceAll(/[\\']/g, '\\$&')}'`).join(', ')}]`)

const typed = fc.oneof(
  fc.tuple(fc.constant('str'), textLimits),
  fc.tuple(fc.constantFrom('int', 'float'), numberLimits),
  fc.tuple(fc.constant('bool'), fc.constant({})),
  fc.tuple(literal, fc.constant({})),
  fc.tuple(fc.constant('list[str]'), fc.tuple(listLimits, textLimits).map(merged)),
  fc.tuple(fc.constant('list[int]'), fc.tuple(listLimits, numberLimits).map(merged)),
)

function merged(parts: readonly object[]): object {
  return Object.assign({}, ...parts) as object
}
const without = (limits: object): FieldConstraints =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))

const field = fc
  .tuple(fc.constantFrom('mood', 'system_response', 'voice_instructions', 'score', 'größe "x"', 'note'), typed, fc.boolean())
  .map(([field_name, [field_type, limits], required]): FieldRule => {
    return { field_name, field_type, required, constraints: without(limits) }
  })
  .filter((row) => fieldDefinitionProblems(row).length === 0)

/** Any table that can be saved, without patterns. */
export const fieldTable = fc.uniqueArray(field, { minLength: 1, maxLength: 6, selector: ({ field_name }) => field_name })
