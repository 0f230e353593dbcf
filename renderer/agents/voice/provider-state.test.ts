import { expect, test } from 'vitest'
import type { ProviderCheck, SecretState } from '../../../core/contract/index.ts'
import { findProvider, type Provider } from '../../../core/providers/index.ts'
import { bestCheckOf, verifiedWords } from '../../ui/check-words.ts'
import { checkOf, keyNeeds, priceOf } from './provider-state.ts'
import { withKnownKeys } from './known-keys.ts'

const any: Provider = findProvider('llm', 'openai-compatible')!
const secret = (reference: string): SecretState => ({ reference, present: true, kept_in: 'keychain' })
const check = (more: Partial<ProviderCheck>): ProviderCheck => ({
  kind: 'llm',
  provider: 'openai-compatible',
  model: 'm',
  ok: true,
  at: 1,
  steps: [],
  ...more,
})

test('the key is the one that the document names, else the usual one', () => {
  expect(keyNeeds(any, { api_key: 'secret:x' }, [secret('secret:x')])).toMatchObject([{ reference: 'secret:x', state: 'found' }])
  expect(keyNeeds(any, {}, [])).toMatchObject([{ reference: 'env:OPENAI_API_KEY', state: 'missing' }])
  expect(keyNeeds(any, {}, undefined)).toMatchObject([{ state: 'unknown' }])
  expect(keyNeeds(any, { base_url: 'http://127.0.0.1:1/v1' }, [])).toMatchObject([{ state: 'not_needed' }])
  expect(keyNeeds(any, { base_url: 'https://stranger.example/v1' }, [secret('env:OPENAI_API_KEY')])).toEqual([
    { key: 'api_key', state: 'missing' },
  ])
})

test('a key that is stored already is not asked for again', () => {
  const LLM = { kind: 'llm', index: 0 } as const
  const content = { llm_config: { provider: 'openai-compatible' } }
  expect(withKnownKeys(content, LLM, [secret('secret:openai')])).toEqual({
    llm_config: { provider: 'openai-compatible', api_key: 'secret:openai' },
  })
  expect(withKnownKeys(content, LLM, [secret('secret:openai'), secret('env:OPENAI_API_KEY')])).toBe(content)
})

test('a person’s own price comes before the catalogue’s', () => {
  const price = { per: 'minute', usd: 1, as_of: '2026-11', source: 'me' } as const
  const entry = { kind: 'llm', provider: any.id, model: 'm', price, own: false } as const
  expect(priceOf([entry, { ...entry, own: true, price: { ...price, usd: 2 } }], any, 'm')).toMatchObject({ usd: 2 })
  expect(priceOf([], any, any.models[0]?.id ?? '')).toBe(any.models[0]?.price)
  expect(priceOf([], any, 'unheard of')).toBeUndefined()
  expect(priceOf([entry], any, 'm', 'http://127.0.0.1:1/v1')).toBeUndefined()
  expect(priceOf([{ ...entry, own: true }], any, 'm', 'http://127.0.0.1:1/v1')).toMatchObject({ usd: 1 })
})

test('nothing is verified until it was asked; of its own address a check tells nothing about another one', () => {
  expect(verifiedWords(any, undefined)).toEqual({ tone: 'plain', label: 'not verified live' })
  expect(verifiedWords(findProvider('llm', 'rehearsal')!, undefined)).toBeUndefined()
  expect(verifiedWords(any, check({ first_token_ms: 312.4 }))?.label).toBe('first token 312 ms')
  expect(verifiedWords(any, check({ ok: false }))?.tone).toBe('bad')
  const checks = [check({ base_url: 'http://a/v1', at: 3, ok: false }), check({ at: 2 })]
  expect(checkOf(checks, any, 'm', undefined)).toBe(checks[1])
  expect(checkOf(checks, any, 'm', 'http://a/v1')).toBe(checks[0])
  expect(bestCheckOf(checks, any)).toBe(checks[1])
})
