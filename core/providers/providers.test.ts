import { describe, expect, test } from 'vitest'
import {
  OPENAI_KEY,
  blockSecrets,
  defaultSecret,
  findProvider,
  isOwnSite,
  listProviders,
  needsSecret,
  rehearsalPreset,
  rehearsalPresets,
  type ProviderKind,
} from './index.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']
const all = KINDS.flatMap((kind) => listProviders(kind))

test('ids as documents write them', () => {
  const ids = (kind: ProviderKind) => listProviders(kind).map(({ id }) => id)
  expect(ids('stt')).toEqual(expect.arrayContaining(['builtin', 'openai-compatible', 'rehearsal']))
  expect(ids('llm')).toEqual(expect.arrayContaining(['rehearsal', 'openai-compatible']))
  expect(ids('tts')).toEqual(expect.arrayContaining(['builtin', 'espeak-ng', 'openai-compatible']))
  expect(findProvider('llm', 'toString')).toBeUndefined()
  expect(findProvider('stt', 'espeak-ng')).toBeUndefined()
})

describe.each(all.map((provider) => [`${provider.kind} ${provider.id}`, provider] as const))('%s', (_name, provider) => {
  test('is found under its own kind and id, and described', () => {
    expect(findProvider(provider.kind, provider.id)).toBe(provider)
    expect(provider.description).toMatch(/\.$/)
    expect(new URL(provider.documentation).protocol).toBe('https:')
  })

  test('its options have defaults that they allow', () => {
    expect(new Set(provider.options.map(({ key }) => key)).size).toBe(provider.options.length)
    for (const option of provider.options) {
      expect(option.help).toMatch(/\.$/)
      if (option.default === undefined) continue
      if (option.type === 'int' || option.type === 'float') {
        expect(option.default).toBeGreaterThanOrEqual(option.min)
        expect(option.default).toBeLessThanOrEqual(option.max)
      } else if (option.type === 'choice') expect(option.choices.map(({ value }) => value)).toContain(option.default)
      else if (option.type === 'model') expect(provider.models.map(({ id }) => id)).toContain(option.default)
    }
  })
})

test('rehearsal says plainly that it is no AI, and needs nothing', () => {
  for (const kind of ['stt', 'llm'] as const) {
    const rehearsal = findProvider(kind, 'rehearsal')
    expect(rehearsal).toMatchObject({ is_ai: false, network: 'never', needs: { kind: 'nothing' } })
    expect(`${rehearsal?.name} ${rehearsal?.description}`).toMatch(/no AI|Not an AI/)
  }
})

test('presets keep the published figures, with their source', () => {
  expect(
    rehearsalPresets
      .filter(({ source }) => source)
      .map(({ id, first_token_p50_ms, first_token_p95_ms }) => [id, first_token_p50_ms, first_token_p95_ms]),
  ).toEqual([
    ['gpt-oss-120b-groq', 98, 217],
    ['gemma-4-31b', 489, 609],
    ['gpt-4.1', 536, 1771],
    ['gpt-4o', 546, 1369],
    ['gemini-2.5-flash', 550, 850],
    ['haiku-4.5', 637, 1615],
  ])
  expect(rehearsalPreset('gpt-4.1').id).toBe('gpt-4.1')
  expect(rehearsalPreset(undefined)).toBe(rehearsalPreset('no such'))
})

test('prices say of when they are, and where they can be checked', () => {
  for (const { price } of findProvider('llm', 'openai-compatible')?.models ?? []) {
    expect(price).toMatchObject({
      as_of: expect.stringMatching(/^\d{4}-\d{2}$/) as string,
      source: expect.stringMatching(/^https:/) as string,
    })
    if (price?.per === 'million_tokens') expect(price.cached_input_usd ?? 0).toBeLessThan(price.input_usd)
  }
})

test('a key is needed for servers elsewhere, not for ones on this machine or in its network', () => {
  expect(defaultSecret('llm', 'openai-compatible')).toBe('env:OPENAI_API_KEY')
  expect(defaultSecret('llm', 'rehearsal')).toBeUndefined()
  for (const address of [
    undefined,
    'https://api.openai.com/v1',
    'https://127.0.0.1.example.com/v1',
    'https://localhost.evil.com',
    'https://localhost@evil.com',
  ])
    expect(needsSecret('llm', 'openai-compatible', address)).toBe(true)
  for (const address of [
    'http://localhost:11434/v1',
    'http://127.0.0.1:1234',
    'http://[::1]:8080/v1',
    'http://192.168.1.9/v1',
    'http://172.20.0.2',
    'http://ollama:11434',
    'http://nas.local',
  ])
    expect(needsSecret('llm', 'openai-compatible', address)).toBe(false)
  expect(needsSecret('tts', 'espeak-ng', undefined)).toBe(false)
})

test('a usual key goes to its provider and to this machine only; a named one goes where its owner says', () => {
  const keys = (provider: string, base_url?: string, api_key?: string) =>
    blockSecrets('llm', { provider, base_url, api_key }).map(({ reference }) => reference)
  expect(keys('groq')).toEqual(['env:GROQ_API_KEY'])
  expect(keys('openai-compatible', 'https://eu.api.openai.com/v1')).toEqual([OPENAI_KEY])
  expect(keys('openai-compatible', 'http://127.0.0.1:11434/v1')).toEqual([OPENAI_KEY])
  expect(keys('azure-openai', 'https://mine.openai.azure.com/openai/v1')).toEqual(['env:AZURE_OPENAI_API_KEY'])
  for (const stranger of [
    'https://evil.example/v1',
    'https://api.openai.com.evil.example/v1',
    'https://api.openai.com@evil.example/v1',
    'https://evilopenai.com/v1',
    'http://192.168.1.9/v1',
    'https://azure.com.evil.example',
  ]) {
    for (const id of ['openai', 'openai-compatible', 'groq', 'azure-openai']) expect(keys(id, stranger)).toEqual([])
    expect(keys('openai', stranger, 'secret:proxy')).toEqual(['secret:proxy'])
  }
})

test('the usual key goes to the own site, encrypted, and to this machine; never to what only looks like either', () => {
  const openai = findProvider('llm', 'openai')
  if (!openai) throw new Error('no such provider')
  for (const own of ['https://api.openai.com/v1', 'wss://eu.api.openai.com', 'http://localhost:8080/v1', 'http://[::1]:1'])
    expect(isOwnSite(openai, own), own).toBe(true)
  for (const other of [
    'http://api.openai.com/v1',
    'https://elsewhere.example/api.openai.com',
    'https://api.openai.com@elsewhere.example',
    'https://elsewhere.example\\@api.openai.com/v1',
    'https://elsewhere.example\\.openai.com/v1',
    'http://elsewhere.example\\.localhost/',
    'https://elsewhere.example/\t@api.openai.com',
    'https://notopenai.com',
  ])
    expect(isOwnSite(openai, other), other).toBe(false)
})
