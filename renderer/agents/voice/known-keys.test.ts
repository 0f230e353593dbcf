import { expect, test } from 'vitest'
import type { SecretState } from '../../../core/contract/index.ts'
import { findProvider } from '../../../core/providers/index.ts'
import { lacksKey, withAddress, withKnownKeys } from './known-keys.ts'

const LLM = { kind: 'llm', index: 0 } as const
const stored = (name: string): SecretState => ({ reference: `secret:${name}`, present: true, kept_in: 'encrypted_file' })
const secrets = [stored('openai'), stored('local')]
const blockAfter = (block: Record<string, string>, base_url: string | undefined) =>
  withAddress({ llm_config: block }, LLM, base_url, secrets)['llm_config']

test('a key that is stored already is named, and the list does not call it missing', () => {
  expect(withKnownKeys({ llm_config: { provider: 'openai' } }, LLM, secrets)).toEqual({
    llm_config: { provider: 'openai', api_key: 'secret:openai' },
  })
  expect(lacksKey(findProvider('llm', 'openai')!, secrets)).toBe(false)
  expect(lacksKey(findProvider('llm', 'groq')!, secrets)).toBe(true)
})

test('a key that was named for one address does not go along to another', () => {
  const block = { provider: 'openai-compatible', api_key: 'secret:openai' }
  for (const base_url of ['https://evil.example/v1', 'http://127.0.0.1:7200/v1'])
    expect(blockAfter(block, base_url)).toEqual({ provider: 'openai-compatible', base_url })
  const named = { ...block, api_key: 'secret:mine' }
  expect(blockAfter(named, 'https://proxy.example/v1')).toEqual({ ...named, base_url: 'https://proxy.example/v1' })
})

test('its own address gets its key back', () => {
  const block = { provider: 'openai-compatible', base_url: 'https://evil.example/v1' }
  expect(blockAfter(block, undefined)).toEqual({ provider: 'openai-compatible', api_key: 'secret:openai' })
  expect(blockAfter(block, 'https://openai.dev/v1')).toEqual({ provider: 'openai-compatible', base_url: 'https://openai.dev/v1' })
})
