import { expect, test } from 'vitest'
import { looksLikeKey, secretNameFor } from './looks-like-key.ts'

test('keys are told from references, names and addresses', () => {
  expect(looksLikeKey('sk-proj-abcdefghijkl1234567890')).toBe(true)
  expect(looksLikeKey(' gsk_0123456789abcdef ')).toBe(true)
  expect(looksLikeKey('0123456789abcdef0123456789abcdef')).toBe(true)
  expect(looksLikeKey('env:OPENAI_API_KEY')).toBe(false)
  expect(looksLikeKey('secret:a-very-long-name-with-12-digits')).toBe(false)
  expect(looksLikeKey('https://api.example.org/v1/abcdefgh12345678')).toBe(false)
  expect(looksLikeKey('gpt-4o-mini')).toBe(false)
})

test('a secret is named after the server that it opens', () => {
  expect(secretNameFor(undefined)).toBe('openai')
  expect(secretNameFor('https://api.groq.com/openai/v1')).toBe('groq')
  expect(secretNameFor('http://127.0.0.1:1234/v1')).toBe('local')
  expect(secretNameFor('https://openrouter.ai/api/v1')).toBe('openrouter')
})
