import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonTokens } from './json-tokens.ts'

test('keys, strings, numbers and words are told apart', () => {
  const kinds = jsonTokens('{"a": "b", "c": [1.5, true, null]}').filter(({ kind }) => kind !== 'plain')
  expect(kinds.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'key "a"',
    'string "b"',
    'key "c"',
    'number 1.5',
    'word true',
    'word null',
  ])
})

test('no character is lost, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(
        jsonTokens(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text)
    }),
  )
})
