import { expect, test } from 'vitest'
import type { ProviderCheck, SecretState } from '../../../core/contract/index.ts'
import { commonName, kindState, providerRows } from './provider-overview.ts'

const here = (reference: string): SecretState => ({ reference, present: true, kept_in: 'keychain' })
const row = (id: string, secrets: readonly SecretState[] = []) => providerRows(secrets, '').find((one) => one.id === id)!

test('one row for each provider, with its kinds; what runs on this machine comes first', () => {
  const rows = providerRows([], '')
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  expect(Object.keys(row('openai').kinds)).toEqual(['stt', 'llm', 'tts'])
  expect(rows.findIndex(({ id }) => id === 'builtin')).toBeLessThan(rows.findIndex(({ id }) => id === 'anthropic'))
})

test('the key of a provider: found, missing, or not needed', () => {
  expect(row('groq').key).toMatchObject({ label: 'no key', missing: 'GROQ_API_KEY', detail: 'env:GROQ_API_KEY is not there' })
  expect(row('groq', [here('env:GROQ_API_KEY')]).key).toMatchObject({ label: 'key found', missing: undefined })
  expect(row('builtin').key.label).toBe('models of this machine')
  expect(row('openai-compatible').key.missing).toBeUndefined()
})

test('what the kinds of a provider have in common is its name', () => {
  expect(commonName(['Built-in speech recognition', 'Built-in (llama.cpp)'])).toBe('Built-in')
  expect(commonName(['Groq', 'Groq'])).toBe('Groq')
  expect(commonName(['Google Gemini', 'Other'])).toBe('Google Gemini')
})

test('providers are found by name, alias and kind', () => {
  expect(providerRows([], 'groq.com').map(({ id }) => id)).toContain('groq')
  expect(providerRows([], 'nobody at all')).toEqual([])
})

test('nothing is verified live until a check has passed', () => {
  const groq = row('groq').kinds.llm!
  expect(kindState(groq, [])).toEqual({ tone: 'plain', label: 'not verified live' })
  const check: ProviderCheck = { kind: 'llm', provider: 'groq', model: 'm', ok: true, at: 1, steps: [], first_token_ms: 90 }
  expect(kindState(groq, [check])).toEqual({ tone: 'good', label: 'first token 90 ms', check })
})
