import { expect, test } from 'vitest'
import { usageTotal } from './usage-total.ts'

test('what was not reported is not zero', () => {
  expect(
    usageTotal([{ usage: { prompt_tokens: 10, tts_characters: 4 } }, { usage: { prompt_tokens: 5 } }, { usage: {} }]),
  ).toEqual({
    prompt_tokens: 15,
    tts_characters: 4,
  })
})
