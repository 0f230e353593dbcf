import { expect, test } from 'vitest'
import { usageTotal, usageWords } from './usage-total.ts'

test('what was not reported is not zero', () => {
  expect(
    usageTotal([{ usage: { prompt_tokens: 10, tts_characters: 4 } }, { usage: { prompt_tokens: 5 } }, { usage: {} }]),
  ).toEqual({
    prompt_tokens: 15,
    tts_characters: 4,
  })
})

test('usage in words leaves out what was not used', () => {
  expect(usageWords({ prompt_tokens: 1200, cached_tokens: 0, completion_tokens: 80 })).toBe(
    '1,200 tokens read, 80 tokens written',
  )
})
