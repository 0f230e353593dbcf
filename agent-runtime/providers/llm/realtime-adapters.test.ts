import { initializeLogger } from '@livekit/agents'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPortableSchema } from '../../../core/output/json-schema.ts'
import { findModel, findProvider } from '../../../core/providers/index.ts'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { createCallerAudio } from '../caller-audio.ts'
import { HANGS, LLM_FAULTS } from '../testing/llm-faults.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { agentFor, answerOf, ask, conversation, KEY, modelFor, outcome, systemOf } from '../testing/llm-contract.ts'
import { realtimeCases, type RealtimeCase } from '../testing/realtime-cases.ts'
import { startRealtimeServer, type RealtimeServer } from '../testing/realtime-server.ts'

initializeLogger({ pretty: false, level: 'silent' })

const cases = Object.entries(realtimeCases).map(([provider, one]: [string, RealtimeCase]) => [provider, one] as const)

describe.each(cases)('%s', (provider, one) => {
  let server: RealtimeServer
  let proxy: FaultProxy
  const heard: Int16Array[] = []
  beforeAll(async () => {
    const hear = (pcm: Int16Array) => `sound ${heard.push(pcm)}`
    server = await startRealtimeServer(one.dialect({ hear }))
    proxy = await startFaultProxy(server.url)
  })
  afterAll(async () => {
    await proxy.close()
    await server.close()
  })

  const agent = (more: Readonly<Record<string, unknown>> = {}): AgentDocument =>
    agentFor({
      provider,
      base_url: `${proxy.url}${one.base_path}`,
      api_key: 'env:TEST_KEY',
      temperature: 0,
      max_tokens: 300,
      model: one.model,
      ...more,
    })

  test('what goes over the wire is what the vendor publishes', async () => {
    const document = agent()
    const { text, usage } = await ask(document)
    expect(JSON.parse(text)).toMatchObject({ system_response: 'Blue is the answer. You said: What is the answer?' })
    expect(usage).toEqual({ prompt_tokens: 50, completion_tokens: 9, ...(one.kept ? { cached_tokens: 20 } : {}) })
    const session = server.sessions.find(({ messages }) => messages.length > 1)
    expect(session?.path).toBe(one.path)
    expect(session?.headers[one.header[0]]).toBe(one.header[1])
    const schema = JSON.parse(JSON.stringify(toPortableSchema(document.schema_config.fields)))
    expect(session?.messages).toEqual(one.messages(systemOf(document), schema))
    expect(JSON.stringify(session?.messages) + session?.path).not.toContain(KEY)
    await proxy.idle()
  })

  /** A second and a half of a tone, then silence. */
  const tone = Int16Array.from({ length: 24_000 }, (_, at) => (at < 20_000 ? Math.round(8000 * Math.sin(at / 10)) : 0))
  test('what the caller just said goes as sound, what was said before as text', async () => {
    const document = agent()
    const callerAudio = createCallerAudio()
    const model = await modelFor(document, callerAudio)
    callerAudio.keep('And what', [tone.slice(0, 10_000)])
    callerAudio.keep('is red?', [tone.slice(10_000)])
    const chatCtx = conversation(document)
    const { id } = chatCtx.addMessage({ role: 'user', content: 'And what is red?' })
    callerAudio.assign(id, 'And what is red?')
    const { text, usage } = await answerOf(model, chatCtx)
    expect(text).toMatch(/You said: sound \d+/)
    expect(usage).toMatchObject({ audio_prompt_tokens: 30 })
    const pcm = heard.at(-1) ?? new Int16Array()
    expect(pcm.length / one.sample_rate).toBeCloseTo(tone.length / 16_000, 1)
    expect(Math.max(...pcm)).toBeGreaterThan(7000)
    const told = server.sessions.flatMap(({ messages }) => messages.slice(1)).at(-1)
    expect(JSON.stringify(told)).not.toContain('And what is red?')
    // Answered once, it is a line of the past.
    chatCtx.addMessage({ role: 'assistant', content: '{"stage": "main"}' })
    chatCtx.addMessage({ role: 'user', content: 'Thank you.' })
    const count = heard.length
    expect((await answerOf(model, chatCtx)).text).toContain('You said: Thank you.')
    expect(heard).toHaveLength(count)
    model.close?.()
    await proxy.idle()
  })

  test('a connection is opened beforehand, and another one when it was lost', async () => {
    const document = agent()
    const model = await modelFor(document)
    const before = server.sessions.length
    await model.warm?.(systemOf(document))
    expect(server.sessions).toHaveLength(before + 1)
    await answerOf(model, conversation(document))
    await answerOf(model, conversation(document))
    if (one.kept) expect(server.sessions).toHaveLength(before + 1)
    await server.drop()
    expect((await answerOf(model, conversation(document))).text).toContain('Blue is the answer.')
    model.close?.()
    await proxy.idle()
  })

  test('closing it ends the request', async () => {
    await proxy.fault('silent')
    const model = await modelFor(agent())
    const gone = new AbortController()
    const sent = server.next(() => true)
    const asking = answerOf(model, conversation(agent()), { signal: gone.signal })
    await sent
    gone.abort()
    expect(await asking).toEqual({ text: '', usage: undefined })
    model.close?.()
    await proxy.idle()
    await proxy.fault()
  })

  test.each(LLM_FAULTS)('%s is told in plain words, and the next call works', async (fault, expected) => {
    await proxy.fault(fault)
    const { text, failure } = await outcome(agent(HANGS.includes(fault) ? { timeout_ms: 150 } : {}))
    await proxy.fault()
    await proxy.idle()
    expect(text).toBe('')
    expect(failure).toMatchObject({ ...expected, message: expect.stringMatching(expected.message) as string })
    expect(JSON.stringify(failure)).not.toContain(KEY)
    expect((await ask(agent())).text).toContain('Blue is the answer.')
    await proxy.idle()
  })

  test('how long to wait is passed on; a fault of the server is tried again when the turn allows it', async () => {
    await proxy.fault('status_429')
    expect((await outcome(agent())).failure).toMatchObject({ retry_after_ms: 7000 })
    await proxy.fault('status_503')
    const before = proxy.count()
    await outcome(agent(), 1)
    expect(proxy.count() - before).toBe(2)
    await proxy.fault()
  })

  test('what comes late is waited for', async () => {
    await proxy.fault('slow_first_byte')
    expect((await ask(agent())).text).toContain('Blue is the answer.')
    await proxy.fault()
    await proxy.idle()
  })

  test('its model is in the catalogue with a price of sound', () => {
    const price = findModel(findProvider('llm', provider), one.model)?.price
    expect(price).toMatchObject({ audio_input_usd: expect.any(Number) as number })
    expect(new URL(one.source).protocol).toBe('https:')
  })
})
