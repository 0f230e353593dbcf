import { expect, test } from 'vitest'
import { fieldsWords, isTooSlow, measureDetails, measureWords } from './measure-words.ts'

test('each kind has the figures that its caller feels, and only those that were measured', () => {
  expect(measureWords({ kind: 'stt', measured: { at: 1, real_time_factor: 0.21 } })).toEqual(['4.8× real time'])
  expect(measureWords({ kind: 'tts', measured: { at: 1, real_time_factor: 2, first_audio_ms: 1234 } })).toEqual([
    'first audio 1.2 s',
    '0.5× real time',
  ])
  expect(measureWords({ kind: 'llm', measured: { at: 1, tokens_per_second: 18.42, first_token_ms: 310 } })).toEqual([
    '18 tokens/s',
    'first token 310 ms',
  ])
  expect(measureWords({ kind: 'llm' })).toEqual([])
})

test('the rest stands in the details', () => {
  expect(measureDetails({ measured: { at: 1, load_ms: 900, memory_mb: 240.4, follows_fields: 0.9, cases: 10 } })).toEqual([
    'loaded in 900 ms',
    '240 MB of memory',
    'follows the fields in 9 of 10 cases',
  ])
  expect(fieldsWords(0.5, undefined)).toBe('follows the fields in 50 % of cases')
})

test('what is slower than speech is called so', () => {
  expect(isTooSlow({ measured: { at: 1, real_time_factor: 1.4 } })).toBe(true)
  expect(isTooSlow({})).toBe(false)
})
