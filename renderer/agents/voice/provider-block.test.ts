import { expect, test } from 'vitest'
import { connectServer, parseOption, switchProvider } from './provider-block.ts'
import { modelAt, providerName, slotName, slotPath } from './slot.ts'

const LLM = { kind: 'llm', index: 0 } as const
const SECOND = { kind: 'llm', index: 1 } as const
const content = {
  llm_config: {
    provider: 'openai-compatible',
    model: 'gpt-4.1',
    base_url: 'https://x.example/v1',
    api_key: 'secret:x',
    temperature: 0.2,
    'x-own': 1,
    fallbacks: [{ provider: 'rehearsal' }],
  },
}

test('another provider keeps foreign keys and later choices, and drops what named things of the old one', () => {
  expect(switchProvider(content, LLM, 'rehearsal')).toEqual({
    llm_config: { provider: 'rehearsal', 'x-own': 1, fallbacks: [{ provider: 'rehearsal' }] },
  })
})

test('a later choice is changed where it stands', () => {
  const changed = switchProvider(content, SECOND, 'openai-compatible')
  expect(changed['llm_config']).toEqual({ ...content.llm_config, fallbacks: [{ provider: 'openai-compatible' }] })
  expect(slotPath(SECOND)).toEqual(['llm_config', 'fallbacks', 0])
  expect(slotName(SECOND)).toBe('second choice of language model')
})

test('a server of this machine is taken with its first model that can talk', () => {
  const server = { name: 'Ollama', base_url: 'http://127.0.0.1:19999/v1', models: ['nomic-embed-text', 'llama3'] } as const
  expect(connectServer({}, LLM, { ...server, models: [...server.models] })).toEqual({
    llm_config: { provider: 'openai-compatible', base_url: server.base_url, model: 'llama3' },
  })
})

test('the default provider is the one of the document schema, and the default model the provider’s', () => {
  const first = (kind: 'stt' | 'llm' | 'tts') => providerName({}, { kind, index: 0 })
  expect([first('stt'), first('llm'), first('tts')]).toEqual(['builtin', 'rehearsal', 'builtin'])
  expect(modelAt(content, LLM)).toBe('gpt-4.1')
  expect(modelAt({ llm_config: { provider: 'openai-compatible' } }, LLM)).not.toBe('')
})

test('numbers are kept as numbers', () => {
  const option = { key: 'a', label: '', help: '', type: 'float', min: 0, max: 1, step: 0.1 } as const
  expect([parseOption(option, '0.5'), parseOption(option, ''), parseOption(option, 'x')]).toEqual([0.5, undefined, 'x'])
})
