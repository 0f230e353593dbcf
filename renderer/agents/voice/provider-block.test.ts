import { expect, test } from 'vitest'
import { connectServer, keyReference, parseOption, providerOf, switchProvider } from './provider-block.ts'
import { findProvider } from '../../../core/providers/index.ts'

const content = {
  llm_config: {
    provider: 'openai-compatible',
    model: 'gpt-4.1',
    base_url: 'https://x.example/v1',
    api_key: 'secret:x',
    temperature: 0.2,
    'x-own': 1,
  },
}

test('another provider keeps foreign keys and drops what named things of the old one', () => {
  expect(switchProvider(content, 'llm', 'rehearsal')).toEqual({ llm_config: { provider: 'rehearsal', 'x-own': 1 } })
})

test('a server of this machine is taken with its first model that can talk', () => {
  const server = { name: 'Ollama', base_url: 'http://127.0.0.1:11434/v1', models: ['nomic-embed-text', 'llama3'] } as const
  expect(connectServer({}, 'llm', { ...server, models: [...server.models] })).toEqual({
    llm_config: { provider: 'openai-compatible', base_url: server.base_url, model: 'llama3' },
  })
})

test('the default provider is the one of the document schema', () => {
  expect([providerOf({}, 'stt'), providerOf({}, 'llm'), providerOf({}, 'tts')]).toEqual(['builtin', 'rehearsal', 'builtin'])
})

test('the key is the one that the document names, else the usual one', () => {
  const provider = findProvider('llm', 'openai-compatible')!
  expect(keyReference(content, 'llm', provider)).toBe('secret:x')
  expect(keyReference({}, 'llm', provider)).toBe('env:OPENAI_API_KEY')
})

test('numbers are kept as numbers', () => {
  const option = { key: 'a', label: '', help: '', type: 'float', min: 0, max: 1, step: 0.1 } as const
  expect([parseOption(option, '0.5'), parseOption(option, ''), parseOption(option, 'x')]).toEqual([0.5, undefined, 'x'])
})
