import { expect, test } from 'vitest'
import { keysInText, slotsOpenedBy, withReference, withReplacedKeys } from './pasted-keys.ts'

const KEY = 'sk-proj-abcdefghijklmnop1234567890'

test('a key is told from the words around it, and its place is taken by what replaces it', () => {
  const text = `Use ${KEY} today`
  const keys = keysInText(text, 'instructions')
  expect(keys).toMatchObject([{ what: 'an OpenAI-style key', name: 'openai', value: KEY }])
  expect(withReplacedKeys(text, keys, () => 'secret:mine')).toBe('Use secret:mine today')
  expect(withReplacedKeys(text, keys, () => '')).toBe('Use  today')
})

test('a key alone leaves nothing behind', () => {
  const text = ` ${KEY}\n`
  expect(withReplacedKeys(text, keysInText(text, 'greeting'), () => 'secret:mine')).toBe('')
  expect(keysInText('Good morning, how are you?', 'greeting')).toEqual([])
})

test('the reference goes to every choice that the key opens, and not to an address that only sounds like it', () => {
  const content = {
    llm_config: { provider: 'openai-compatible', fallbacks: [{ provider: 'rehearsal' }, { provider: 'openai-compatible' }] },
    stt_config: { provider: 'openai-compatible', base_url: 'https://openai.dev/v1' },
    tts_config: { provider: 'espeak-ng' },
  }
  const slots = slotsOpenedBy(content, 'openai')
  expect(slots).toEqual([
    { kind: 'llm', index: 0 },
    { kind: 'llm', index: 2 },
  ])
  expect(withReference(content, slots, 'openai')).toMatchObject({
    llm_config: { api_key: 'secret:openai', fallbacks: [{ provider: 'rehearsal' }, { api_key: 'secret:openai' }] },
    stt_config: content.stt_config,
  })
})
