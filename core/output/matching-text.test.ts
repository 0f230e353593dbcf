import { expect, test } from 'vitest'
import { matchingText } from './matching-text.ts'

test.each([
  ['^[A-Z]{2}-\\d{4}$', {}],
  ['^\\d{4}-\\d{2}-\\d{2}$', {}],
  ['^[a-z0-9._%+-]+@[a-z0-9-]+\\.[a-z]{2,}$', { min_length: 12, max_length: 40 }],
  ['^(yes|no|maybe)$', {}],
  ['^https?://\\S+$', { min_length: 20 }],
  ['^\\+?[1-9]\\d{6,14}$', { min_length: 10 }],
  ['[aeiou]', { min_length: 30, max_length: 30 }],
  ['^\\p{Lu}\\p{Ll}+(?: \\p{Lu}\\p{Ll}+)*$', { min_length: 8 }],
  ['^[^\\d\\s]{3,5}$', {}],
  ['^(?<year>\\d{4})$', {}],
  ['\\bcat\\b', {}],
  ['^\\u{1F600}\\x41$', {}],
  ['^[\\]\\-a]{2}$', {}],
  ['', { min_length: 3 }],
])('%s', (pattern, limits: { min_length?: number; max_length?: number }) => {
  const text = matchingText(pattern, limits)
  expect(text).toMatch(new RegExp(pattern, 'u'))
  expect([...(text ?? '')].length).toBeGreaterThanOrEqual(limits.min_length ?? 0)
  expect([...(text ?? '')].length).toBeLessThanOrEqual(limits.max_length ?? Infinity)
})

test.each([
  ['^((a{999}){999}){999}$', {}],
  ['^a{5}$', { max_length: 3 }],
  ['(?=b)a', {}],
  ['[', {}],
])('%s gives nothing rather than something wrong', (pattern, limits) => {
  expect(matchingText(pattern, limits)).toBeUndefined()
})
