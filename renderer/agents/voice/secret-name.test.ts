import { expect, test } from 'vitest'
import { findProvider } from '../../../core/providers/index.ts'
import { nameOfServer, secretName } from './secret-name.ts'

test('a secret is named after the server that it opens, where one protocol has many', () => {
  const any = findProvider('llm', 'openai-compatible')!
  expect(secretName(any, undefined)).toBe('openai')
  expect(secretName(any, 'https://api.groq.com/openai/v1')).toBe('groq')
  expect(secretName(any, 'http://127.0.0.1:1234/v1')).toBe('local')
  expect(nameOfServer('https://openrouter.ai/api/v1')).toBe('openrouter')
})

test('a provider with keys of its own gives its id, and a second secret its own name', () => {
  const any = findProvider('llm', 'openai-compatible')!
  const own = { ...any, id: 'acme', needs: { kind: 'secret', secrets: [{ key: 'api_key', reference: 'env:ACME' }] } } as const
  expect(secretName(own, undefined)).toBe('acme')
  expect(secretName(own, undefined, 'api_secret')).toBe('acme-secret')
  expect(secretName(own, 'https://proxy.internal.example.com/v1')).toBe('example')
})
