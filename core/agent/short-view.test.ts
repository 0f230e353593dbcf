import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import { blankAgent } from './blank-agent.ts'
import { mergeDocument } from './merge-document.ts'
import { parseAgent } from './parse-agent.ts'
import { readShort, shortPath, shortView } from './short-view.ts'
import { AgentId } from '../contract/ids.ts'
import { FIRST_FAMILY as first } from './testing/short-bodies.ts'

const state = {
  id: 'u',
  enabled: true,
  is_default: false,
  created_at: '2026-11-21T00:00:00.000Z',
  updated_at: '2026-11-21T00:00:00.000Z',
}
const blank: JsonObject = JSON.parse(JSON.stringify(blankAgent(AgentId.parse('groq-agent'), 'groq agent')))
const made = (body: JsonObject) => mergeDocument(blank, readShort(body).patch)
const view = (content: JsonObject) => shortView(content, state)
/** As a client that read, changed something and sends everything back. */
const sentBack = (content: JsonObject, change: (view: JsonObject) => JsonObject) =>
  mergeDocument(content, readShort(change(view(content)), { content, view: view(content) }).patch)

const second = {
  name: 'Receptionist',
  description: 'Answers the phone',
  is_active: false,
  is_default: true,
  llm_provider_config: {
    provider: 'groq.com',
    api_key: 'gsk_0123456789abcdefghij',
    model: 'llama-3.3-70b-versatile',
    api_url: 'https://api.groq.com/',
    completions_path: '/openai/v1/chat/completions',
  },
  tts_provider_config: {
    provider: 'async.ai',
    api_key: 'tts-key-0001',
    voice_id: 'v',
    model_id: 'async_flash_v1.0',
    sample_rate: 24000,
  },
  stt_provider_config: { provider: 'whisper.local', url: 'http://127.0.0.1:8000', path: '/inference' },
}

describe('the first family', () => {
  test('a body becomes a document that parses, and reads back as it was', () => {
    const content = made(first)
    expect(parseAgent(content)).toMatchObject({
      ok: true,
      document: { tts_config: { voice_id: 'nova', voice_options: { stability: 0.4 } } },
    })
    expect(view(content)).toMatchObject(first)
    expect(readShort(first)).toMatchObject({ enabled: true, keys: {}, owned: false, problems: [] })
  })

  test('another provider takes the address, key and voice of the one before along', () => {
    const content = made({ ...first, llm: { ...first.llm, base_url: 'https://proxy.example/v1', api_key: 'secret:groq' } })
    const { patch } = readShort({ llm: { provider: 'openai' } }, { content, view: view(content) })
    expect(mergeDocument(content, patch)['llm_config']).toEqual({ provider: 'openai' })
    const alias = readShort({ llm: { provider: 'groq.com' } }, { content, view: view(content) }).patch
    expect(mergeDocument(content, alias)['llm_config']).toMatchObject({
      provider: 'groq.com',
      api_key: 'secret:groq',
      model: first.llm.model,
    })
  })
})

describe('the second family', () => {
  test('its addresses, names and state are understood; keys come apart', () => {
    const draft = readShort(second)
    expect(draft).toMatchObject({ enabled: false, is_default: true, owned: true, problems: [] })
    expect(draft.keys).toEqual({ llm: 'gsk_0123456789abcdefghij', tts: 'tts-key-0001' })
    expect(JSON.stringify(draft.patch)).not.toContain('gsk_')
    expect(parseAgent(mergeDocument(blank, draft.patch))).toMatchObject({
      ok: true,
      document: {
        llm_config: { base_url: 'https://api.groq.com/openai/v1' },
        stt_config: { provider: 'whisper.local', base_url: 'http://127.0.0.1:8000', path: '/inference' },
        tts_config: { model: 'async_flash_v1.0', sample_rate: 24000 },
      },
    })
  })

  test('it reads its own keys back, the address in its two parts', () => {
    const { llm_provider_config, tts_provider_config, stt_provider_config } = view(made(second))
    expect(llm_provider_config).toEqual({
      provider: 'groq.com',
      model: 'llama-3.3-70b-versatile',
      api_url: 'https://api.groq.com',
      completions_path: '/openai/v1/chat/completions',
    })
    expect(tts_provider_config).toEqual({ provider: 'async.ai', voice_id: 'v', model_id: 'async_flash_v1.0', sample_rate: 24000 })
    expect(stt_provider_config).toEqual(second.stt_provider_config)
  })

  test('a changed address keeps its path, and a changed path its address', () => {
    const content = made(second)
    const base = (change: JsonObject) =>
      mergeDocument(content, readShort({ llm_provider_config: change }, { content, view: view(content) }).patch)['llm_config']
    expect(base({ api_url: 'https://eu.groq.com' })).toMatchObject({ base_url: 'https://eu.groq.com/openai/v1' })
    expect(base({ completions_path: '/v2/chat/completions' })).toMatchObject({ base_url: 'https://api.groq.com/v2' })
  })
})

describe('what was read and is sent back', () => {
  test('unchanged, it changes nothing', () => {
    for (const body of [first, second]) expect(sentBack(made(body), (all) => all)).toEqual(made(body))
  })

  test('whichever family’s key was changed, it counts', () => {
    const content = made(second)
    const one = sentBack(content, (all) => ({ ...all, llm: { ...(all['llm'] as JsonObject), model: 'm1' } }))
    const two = sentBack(content, (all) => ({
      ...all,
      llm_provider_config: { ...(all['llm_provider_config'] as JsonObject), model: 'm1' },
    }))
    expect([one, two].map((document) => document['llm_config'])).toEqual([one['llm_config'], one['llm_config']])
    expect(one['llm_config']).toMatchObject({ model: 'm1', base_url: 'https://api.groq.com/openai/v1' })
  })
})

test('what is no block or flag is a problem at its own place', () => {
  expect(readShort({ llm: 'groq', is_active: 'yes' }).problems.map(({ path }) => path)).toEqual(['/is_active', '/llm'])
  expect(shortPath('/llm_config/temperature', first)).toBe('/llm/temperature')
  expect(shortPath('/llm_config/temperature', second)).toBe('/llm_provider_config/temperature')
  expect(shortPath('/prompt_config/instructions', first)).toBe('/instructions')
})
