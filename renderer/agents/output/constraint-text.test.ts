import { expect, test } from 'vitest'
import { constraintText, parseConstraint } from './constraint-text.ts'

const shown = (field_type: string, constraints = {}) => constraintText({ field_type, constraints })

test('limits are told in few words', () => {
  expect(shown('int', { ge: 1, le: 10 })).toBe('1 … 10')
  expect(shown('str', { max_length: 80, pattern: '^a' })).toBe('≤ 80 chars · /^a/')
  expect(shown('list[str]', { max_items: 5, min_length: 1 })).toBe('≤ 5 items · ≥ 1 chars')
  expect(shown('float', { gt: 0, lt: 1, multiple_of: 0.5 })).toBe('> 0 · < 1 · × 0.5')
  expect(shown("Literal['a', 'b']")).toBe('a, b')
  expect(shown('nonsense')).toBe('')
})

test('what is typed becomes a number where one is wanted', () => {
  expect(parseConstraint('ge', '1.5')).toBe(1.5)
  expect(parseConstraint('ge', ' ')).toBeUndefined()
  expect(parseConstraint('ge', 'ten')).toBe('ten')
  expect(parseConstraint('pattern', '5')).toBe('5')
})
