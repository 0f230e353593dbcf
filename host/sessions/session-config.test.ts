import { expect, test } from 'vitest'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { listProviders } from '../../core/providers/index.ts'
import type { OwnPrice } from '../../core/store/providers.ts'
import type { WhatIf } from '../../core/store/calls.ts'
import type { InstalledModel } from '../runtime/local-model.ts'
import { buildConfig, type Modality } from './session-config.ts'
import { document } from './testing/document.ts'
import { scope } from './testing/start-sessions.ts'

const SPEECH: readonly InstalledModel[] = [
  { kind: 'stt', model_id: 'whisper-tiny.en', languages: ['en'] },
  { kind: 'stt', model_id: 'whisper-base', languages: ['en', 'de'] },
  { kind: 'tts', model_id: 'piper-en_US-joe' },
  { kind: 'tts', model_id: 'kokoro', voices: ['af_heart'] },
]
const LLM: InstalledModel = { kind: 'llm', model_id: 'SmolLM2-135M-Instruct.Q4_1' }

type Given = Readonly<{
  models?: readonly InstalledModel[]
  offline?: boolean
  own?: readonly OwnPrice[]
  secrets?: Readonly<Record<string, string>>
  what_if?: WhatIf
  modality?: Modality
}>

async function build(content: DocumentJson, given: Given = {}) {
  const { models = [], offline = false, own = [], secrets = {}, what_if = {}, modality = 'voice' } = given
  const engines: string[] = []
  const deps = {
    secretsFor: () => async (references: readonly string[]) =>
      Object.fromEntries(references.flatMap((name) => (secrets[name] === undefined ? [] : [[name, secrets[name]]]))),
    localModels: () => ({ dir: '/models', models }),
    offline: () => offline,
    ownPrices: async () => own,
    runtime: {
      engine: async (kind: string) => {
        engines.push(kind)
        return { path: kind, token: '' }
      },
    },
  }
  const head = { revision: 1, content: { ...document, ...content }, enabled: true }
  const { config, document: fitted, substitutions } = await buildConfig(deps, scope, { agent_id: 'ada', modality, what_if }, head)
  return {
    config,
    fitted,
    engines: engines.sort(),
    told: substitutions.map(({ kind, asked, used }) => `${kind}: ${asked} → ${used}`),
    substitutions,
  }
}

test('a built-in kind takes the model that fits, says which other one it takes, and stands back where there is none', async () => {
  const none = await build({ llm_config: { provider: 'builtin' } })
  expect(none.told).toEqual(['stt: builtin → rehearsal', 'llm: builtin → rehearsal', 'tts: builtin → espeak-ng'])
  expect(none.substitutions[1]).toMatchObject({ reason: expect.stringContaining('No built-in LLM') as string })
  expect(none.engines).toEqual(['espeak'])

  const all = await build(
    { llm_config: { provider: 'builtin' }, stt_config: { language: 'de-AT' } },
    { models: [...SPEECH, LLM] },
  )
  expect(all.told).toEqual([])
  expect(all.engines).toEqual(['llm', 'speech'])
  expect(all.fitted).toMatchObject({ stt_config: { model: 'whisper-base' }, llm_config: { model: LLM.model_id } })

  const named = {
    stt_config: { provider: 'builtin', model: 'whisper-large' },
    llm_config: { provider: 'builtin', model: 'smollm2-135m-instruct' },
    tts_config: { provider: 'builtin', voice_id: 'af_heart' },
  }
  const other = await build(named, { models: [...SPEECH, LLM] })
  expect(other.told).toEqual(['stt: builtin whisper-large → builtin whisper-tiny.en'])
  expect(other.fitted.tts_config).toMatchObject({ voice_id: 'af_heart' })
  expect((await build({ llm_config: { provider: 'builtin' } }, { models: [LLM], modality: 'text' })).engines).toEqual(['llm'])
  const rehearsed = { stt_config: { provider: 'rehearsal' }, tts_config: { provider: 'rehearsal' } }
  expect((await build(rehearsed, { models: SPEECH })).engines).toEqual(['espeak', 'speech'])
})

test('fallbacks bring their secrets, engines and prices; what cannot be used is left out and told', async () => {
  const priced = listProviders('llm').flatMap(({ id, models }) =>
    models.flatMap((model) => (model.price ? [{ id, model }] : [])),
  )[0]!
  const own: OwnPrice = {
    ...{ kind: 'llm', provider: 'openai-compatible', model: 'mine' },
    price: { per: 'million_tokens', input_usd: 1, output_usd: 1, as_of: '2026-11', source: 'me' },
  }
  const llm_config = {
    provider: priced.id,
    model: priced.model.id,
    fallbacks: [
      { provider: 'custom', base_url: 'http://10.0.0.1/v1', model: 'mine', api_key: 'secret:second' },
      { provider: 'builtin' },
    ],
    fallback_after_ms: 900,
  }
  const secrets = { 'secret:second': 'value-2', 'env:OPENAI_API_KEY': 'value-1' }
  const { config, fitted, engines, told } = await build({ llm_config }, { secrets, own: [own], models: [LLM], modality: 'text' })
  expect(told).toEqual([])
  expect(engines).toEqual(['llm'])
  expect(config.secrets).toMatchObject({ 'secret:second': 'value-2' })
  expect(config.prices).toEqual([
    { kind: 'llm', provider: priced.id, model: priced.model.id, price: priced.model.price, own: false },
    { ...own, own: true },
  ])
  expect(fitted.llm_config).toMatchObject({ fallback_after_ms: 900, fallbacks: [{}, { model: LLM.model_id }] })
  const without = await build({ llm_config }, { secrets, modality: 'text' })
  expect(without.told).toEqual([`llm: builtin → ${priced.id} ${priced.model.id}`])
  expect(without.fitted.llm_config.fallbacks).toHaveLength(1)
  await expect(build({ llm_config }, { modality: 'text' })).rejects.toMatchObject({
    message: expect.stringContaining('secret:second'),
  })
})

test('a catalogue price is of the provider’s own address only', async () => {
  const { id, base_url = '', models } = listProviders('llm').find((one) => one.models.some(({ price }) => price))!
  const model = models.find(({ price }) => price)!.id
  const prices = async (address: string) =>
    (await build({ llm_config: { provider: id, model, base_url: address } }, { modality: 'text' })).config.prices.length
  expect(await prices(`${base_url}/`)).toBe(1)
  expect(await prices('http://localhost:8000/v1')).toBe(0)
})

test('what-if replaces a block at the pace of a preset, fallbacks and all, and says so', async () => {
  const llm_config = { provider: 'openai-compatible', api_key: 'secret:none', fallbacks: [{ provider: 'openai-compatible' }] }
  const { config, fitted, substitutions } = await build({ llm_config }, { what_if: { llm: 'gpt-4.1' }, modality: 'text' })
  expect(fitted.llm_config).toEqual({ provider: 'rehearsal', model: 'gpt-4.1' })
  expect(config.secrets).toEqual({})
  expect(substitutions).toMatchObject([
    { kind: 'llm', asked: 'openai-compatible', used: 'rehearsal gpt-4.1', reason: expect.stringMatching(/^What-if:/) as string },
  ])
  const all = await build({}, { what_if: { stt: 'instant', tts: 'instant' }, models: SPEECH })
  expect(all.told).toEqual(['stt: builtin → rehearsal instant', 'tts: builtin → rehearsal instant'])
  await expect(build({}, { what_if: { llm: 'gpt-99' } })).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no rehearsal of "gpt-99" for the LLM.',
    hint: expect.stringContaining('gpt-4.1'),
  })
})

test('offline, what is beyond this machine is replaced by what is on it; local servers are still asked', async () => {
  const remote = { provider: 'openai-compatible', base_url: 'https://api.example.com/v1', api_key: 'secret:x', voice_id: 'ash' }
  const content = { stt_config: { ...remote, language: 'de' }, llm_config: { ...remote, temperature: 0 }, tts_config: remote }
  const bare = await build(content, { offline: true })
  expect(bare.told).toEqual([
    'stt: openai-compatible → rehearsal',
    'llm: openai-compatible → rehearsal',
    'tts: openai-compatible → espeak-ng',
  ])
  expect(bare.config.secrets).toEqual({})
  const full = await build(content, { offline: true, models: [...SPEECH, LLM] })
  expect(full.told.map((line) => line.split(' → ')[1])).toEqual([
    'builtin whisper-base',
    `builtin ${LLM.model_id}`,
    'builtin piper-en_US-joe',
  ])
  expect(full.fitted.llm_config).toEqual({ provider: 'builtin', model: LLM.model_id, temperature: 0 })
  const local = { ...remote, base_url: 'http://127.0.0.1:8000/v1', api_key: 'secret:x' }
  const near = await build(
    { llm_config: { ...remote, fallbacks: [local] } },
    { offline: true, modality: 'text', secrets: { 'secret:x': 'value' } },
  )
  expect(near.told).toEqual(['llm: openai-compatible → openai-compatible'])
  expect(near.fitted.llm_config).toMatchObject({ base_url: local.base_url })
})
