import { initializeLogger } from '@livekit/agents'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DocumentJson } from '../../../core/contract/agents.ts'
import type { ProviderKind } from '../../../core/providers/index.ts'
import type { EngineAddress } from '../../../core/contract/runtime.ts'
import { newAddress, startEngine, type StartedEngine } from '../../engines/testing/start-engine.ts'
import { llmCases } from '../../providers/testing/llm-cases.ts'
import { KEY, SECRET, type LlmCase } from '../../providers/testing/llm-contract.ts'
import { startLlmServer } from '../../providers/testing/llm-server.ts'
import { realtimeCases, type RealtimeCase } from '../../providers/testing/realtime-cases.ts'
import { startRealtimeServer } from '../../providers/testing/realtime-server.ts'
import { startFaultProxy } from '../../providers/testing/fault-proxy.ts'
import { deepgramDialect } from '../../providers/testing/stt/dialects.ts'
import { startSttSocketServer } from '../../providers/testing/stt/socket-server.ts'
import { ttsCases } from '../../providers/testing/tts-contract.ts'
import { startTtsServer } from '../../providers/testing/tts-server.ts'
import { interviewAgent } from '../testing/interview-agent.ts'
import { checkProvider } from './check-provider.ts'
import { sampleFor } from './sample-speech.ts'

initializeLogger({ pretty: false, level: 'silent' })

async function check(kind: ProviderKind, block: Readonly<Record<string, unknown>>, espeak?: EngineAddress) {
  const keys = { api_key: 'env:TEST_KEY', api_secret: 'env:TEST_SECRET' }
  const content = DocumentJson.parse(JSON.parse(JSON.stringify({ ...interviewAgent, [`${kind}_config`]: { ...keys, ...block } })))
  const secrets = { 'env:TEST_KEY': KEY, 'env:TEST_SECRET': SECRET }
  const request = { type: 'check', check_id: '1', kind, content, secrets, engines: espeak ? { espeak } : {} } as const
  const { check: found } = await checkProvider(request, () => undefined, new AbortController().signal)
  expect(JSON.stringify(found)).not.toContain(KEY)
  return { ...found, told: found.steps.map(({ step, ok }) => `${step} ${ok}`) }
}

const REFUSED = ['key false']
const BROKEN = ['answer false']

const llms = Object.entries(llmCases).flatMap(([provider, list]) =>
  list.map((one: LlmCase) => [`${provider} ${one.config.model}`, provider, one] as const),
)
test.each(llms)('%s', async (_name, provider, one) => {
  const server = await startLlmServer(one.protocol)
  const proxy = await startFaultProxy(server.url)
  onTestFinished(async () => {
    await proxy.close()
    await server.close()
  })
  const block = { provider, base_url: `${proxy.url}${one.base_path}`, ...one.config }
  const well = await check('llm', block)
  expect(well.steps.filter(({ ok }) => !ok)).toEqual([])
  expect(well.told.slice(-3)).toEqual(['model true', 'answer true', 'structured_output true'])
  expect(proxy.count()).toBe(2)
  await proxy.fault('status_401')
  expect((await check('llm', block)).told).toEqual(REFUSED)
  await proxy.fault('status_503')
  expect((await check('llm', block)).told).toEqual(BROKEN)
  expect(proxy.count()).toBe(4)
})

test.each(Object.entries(realtimeCases))('%s', async (provider, one: RealtimeCase) => {
  const server = await startRealtimeServer(one.dialect({}))
  const proxy = await startFaultProxy(server.url)
  onTestFinished(async () => {
    await proxy.close()
    await server.close()
  })
  const block = { provider, base_url: `${proxy.url}${one.base_path}`, model: one.model }
  const well = await check('llm', block)
  expect(well.steps.filter(({ ok }) => !ok)).toEqual([])
  expect(well.told.slice(-3)).toEqual(['model true', 'answer true', 'structured_output true'])
  // Nothing stays open behind a check.
  await proxy.idle()
  await proxy.fault('status_401')
  expect((await check('llm', block)).told).toEqual(REFUSED)
  await proxy.fault('status_503')
  expect((await check('llm', block)).told).toEqual(BROKEN)
})

test.each(ttsCases.map((one) => [[one.id, one.config?.model].filter(Boolean).join(' '), one] as const))(
  '%s',
  async (_name, one) => {
    const server = await startTtsServer()
    const proxy = await startFaultProxy(server.url)
    onTestFinished(async () => {
      await proxy.close()
      await server.close()
    })
    const block = { provider: one.id, base_url: `${proxy.url}${one.base_path}`, ...one.config }
    const well = await check('tts', block)
    expect(well.steps.filter(({ ok }) => !ok)).toEqual([])
    expect(well.told.slice(-2)).toEqual(['answer true', 'voice true'])
    expect(proxy.count()).toBe(1)
    await proxy.fault('status_401')
    expect((await check('tts', block)).told).toEqual(REFUSED)
    await proxy.fault('empty_audio')
    expect((await check('tts', block)).told).toEqual(BROKEN)
    expect(proxy.count()).toBe(3)
  },
)

describe('an STT that hears while somebody speaks', () => {
  let engine: StartedEngine
  beforeAll(async () => {
    engine = await startEngine('espeak', await newAddress())
  })
  afterAll(() => engine.child.kill())

  test('is given the sentence whole, and leaves no connection behind', async () => {
    const server = await startSttSocketServer(deepgramDialect, { key: KEY, hear: () => sampleFor('de').text })
    const proxy = await startFaultProxy(server.url)
    onTestFinished(async () => {
      await proxy.close()
      await server.close()
    })
    const block = { provider: 'deepgram', model: 'nova-3', language: 'de', base_url: proxy.url }
    const well = await check('stt', block, engine.address)
    expect(well.told).toEqual(['key true', 'model true', 'answer true', 'voice true'])
    await proxy.idle()
    await proxy.fault('status_401')
    expect((await check('stt', block, engine.address)).told).toEqual(REFUSED)
  })
})
