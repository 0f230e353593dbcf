import { expect, test } from 'vitest'
import { findProvider } from '../../../core/providers/index.ts'
import { groupOf, groupProviders, matchesSearch } from './provider-groups.ts'
import { listOf } from './provider-block.ts'

const needs = { kind: 'secret', secrets: [{ key: 'api_key', reference: 'env:A' }] } as const

test('what answers on this machine, what wants a key, and what may be anywhere are told apart', () => {
  expect(groupOf({ network: 'never', needs: { kind: 'nothing' } })).toBe('machine')
  expect(groupOf({ network: 'to its address', base_url: 'http://127.0.0.1:11434/v1', needs: { kind: 'nothing' } })).toBe(
    'machine',
  )
  expect(groupOf({ network: 'to its address', base_url: 'https://api.example.com', needs })).toBe('key')
  expect(
    groupOf({
      network: 'to its address',
      base_url: 'https://api.example.com',
      needs: { ...needs, only_for: 'remote addresses' },
    }),
  ).toBe('server')
  expect(groupOf({ network: 'to its address', base_url: 'http://127.0.0.1.example.com', needs })).toBe('key')
})

test('every provider of the catalogue is in one group, and in the order of the catalogue', () => {
  for (const kind of ['stt', 'llm', 'tts'] as const) {
    const grouped = groupProviders(listOf(kind)).flatMap(({ items }) => items)
    expect(grouped.map(({ id }) => id).sort()).toEqual(
      listOf(kind)
        .map(({ id }) => id)
        .sort(),
    )
  }
})

test('a provider is found by its name, another name for it, or a model', () => {
  const provider = { ...findProvider('llm', 'openai-compatible')!, aliases: ['acme.com'] }
  expect(matchesSearch(provider, 'OPENAI compat')).toBe(true)
  expect(matchesSearch(provider, 'acme')).toBe(true)
  expect(matchesSearch(provider, '  ')).toBe(true)
  expect(matchesSearch(provider, 'acme nothing')).toBe(false)
})
