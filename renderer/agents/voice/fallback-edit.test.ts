import { expect, test } from 'vitest'
import { addFallback, fallbacksOf, raiseFallback, removeFallback } from './fallback-edit.ts'

const content = {
  llm_config: {
    provider: 'openai-compatible',
    fallback_after_ms: 900,
    fallbacks: [{ provider: 'a' }, { provider: 'b', model: 'm' }],
  },
}

test('choices change places, and the first one stays where it is', () => {
  expect(fallbacksOf(raiseFallback(content, 'llm', 1), 'llm')).toEqual([{ provider: 'b', model: 'm' }, { provider: 'a' }])
  expect(raiseFallback(content, 'llm', 0)).toBe(content)
})

test('with the last one the keys go too', () => {
  const one = removeFallback(content, 'llm', 0)
  expect(one).toEqual({ llm_config: { ...content.llm_config, fallbacks: [{ provider: 'b', model: 'm' }] } })
  expect(removeFallback(one, 'llm', 0)).toEqual({ llm_config: { provider: 'openai-compatible' } })
})

test('a new one is not what is chosen already', () => {
  const added = addFallback({ stt_config: { provider: 'builtin' } }, 'stt')
  expect(fallbacksOf(added, 'stt')).toHaveLength(1)
  expect(fallbacksOf(added, 'stt')).not.toEqual([{ provider: 'builtin' }])
})
