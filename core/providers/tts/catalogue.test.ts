import { describe, expect, test } from 'vitest'
import { findProvider, listProviders } from '../find-provider.ts'

const all = listProviders('tts')

test('by the names of other systems', () => {
  const names = { 'async.ai': 'async', 'x.ai': 'xai', grok: 'xai', 'elevenlabs.io': 'elevenlabs', 'cartesia.ai': 'cartesia' }
  for (const [name, id] of Object.entries(names)) expect(findProvider('tts', name)?.id).toBe(id)
  const known = all.flatMap(({ id, aliases }) => [id, ...aliases])
  expect(new Set(known).size).toBe(known.length)
})

describe.each(all.map((provider) => [provider.id, provider] as const))('%s', (_id, provider) => {
  test('prices say of when they are and where they can be checked', () => {
    for (const { price } of provider.models) {
      if (!price) continue
      expect(price.as_of).toMatch(/^2026-\d{2}$/)
      expect(new URL(price.source).protocol).toBe('https:')
      expect(['minute', 'million_characters']).toContain(price.per)
    }
  })

  test('its voices and models are named once, and its form has all that a call needs', () => {
    for (const list of [provider.voices.map(({ value }) => value), provider.models.map(({ id }) => id)])
      expect(new Set(list).size).toBe(list.length)
    const keys = provider.options.map(({ key }) => key)
    if (provider.network === 'to its address')
      expect(keys).toEqual(expect.arrayContaining(['voice_id', 'base_url', 'timeout_ms']))
    if (provider.needs.kind === 'secret')
      expect(keys).toEqual(expect.arrayContaining(provider.needs.secrets.map(({ key }) => key as string)))
    expect(provider.base_url === undefined).toBe(provider.network === 'never')
  })
})
