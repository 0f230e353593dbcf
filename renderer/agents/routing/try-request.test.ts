import { expect, test } from 'vitest'
import { attributesOf, emptyTry, metadataProblem, tryRequest } from './try-request.ts'

test.each([
  ['', undefined],
  ['  ', undefined],
  ['{"purpose": "sales"}', undefined],
  ['{"purpose": "sales"', /^Line 1, column 20/],
  ['{\n  purpose: 1\n}', /^Line 2/],
  ['[1]', /no object/],
  ['"sales"', /no object/],
])('%j', (text, problem) => {
  if (problem) expect(metadataProblem(text)).toMatch(problem)
  else expect(metadataProblem(text)).toBeUndefined()
})

test('attributes are text, whatever was typed', () => {
  expect(attributesOf('{"tier": "gold", "is_new_user": true, "n": {"a": 1}}')).toEqual({
    ...{ tier: 'gold', is_new_user: 'true', n: '{"a":1}' },
  })
  expect(attributesOf('nonsense')).toEqual({})
})

test('nobody has joined, or somebody at a time', () => {
  expect(tryRequest({ ...emptyTry, joined: false })).not.toHaveProperty('participant')
  expect(tryRequest({ ...emptyTry, at: '2026-11-23T09:30' }).at).toBe(new Date(2026, 10, 23, 9, 30).getTime())
  expect(tryRequest({ ...emptyTry, at: '' })).not.toHaveProperty('at')
})
