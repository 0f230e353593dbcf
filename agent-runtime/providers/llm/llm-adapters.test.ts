import { initializeLogger } from '@livekit/agents'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPortableSchema } from '../../../core/output/json-schema.ts'
import { findModel, findProvider } from '../../../core/providers/index.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { llmCases } from '../testing/llm-cases.ts'
import { agentFor, ask, KEY, outcome, SECRET, systemOf, type LlmCase } from '../testing/llm-contract.ts'
import { startLlmServer, type LlmServer } from '../testing/llm-server.ts'
import { HANGS, LLM_FAULTS } from '../testing/llm-faults.ts'
import type { AgentDocument } from '../../../core/agent/document.ts'

initializeLogger({ pretty: false, level: 'silent' })

const cases = Object.entries(llmCases).flatMap(([provider, list]) =>
  list.map((one: LlmCase) => [`${provider} ${one.path} ${one.config.model}`, provider, one] as const),
)

describe.each(cases)('%s', (_name, provider, one) => {
  let server: LlmServer
  let proxy: FaultProxy
  beforeAll(async () => {
    server = await startLlmServer(one.protocol)
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
      ...one.config,
      ...more,
    })
  const lastRequest = () => server.requests.at(-1)

  test('what goes over the wire is what the vendor publishes', async () => {
    const document = agent()
    const { text, usage } = await ask(document)
    expect(JSON.parse(text)).toMatchObject({ system_response: 'Blue is the answer. You said: What is the answer?' })
    expect(usage).toEqual({ prompt_tokens: 50, completion_tokens: 9, cached_tokens: 20 })
    const body = JSON.parse(JSON.stringify(one.body(systemOf(document), toPortableSchema(document.schema_config.fields))))
    expect(lastRequest()).toMatchObject({ method: 'POST', path: one.path })
    expect(lastRequest()?.body).toEqual(body)
    for (const [name, value] of Object.entries(one.headers)) {
      if (typeof value === 'string') expect(lastRequest()?.headers[name]).toBe(value)
      else expect(lastRequest()?.headers[name]).toMatch(value)
    }
    expect(JSON.stringify(lastRequest()?.body) + lastRequest()?.path).not.toContain(KEY)
  })

  test('a JSON object and words in the prompt are ways of their own, and nothing is sent that nobody chose', async () => {
    await ask(agent({ structured_output: 'json_object' }))
    const loose: Record<string, unknown> = Object(lastRequest()?.body)
    expect(loose).toMatchObject(one.json_object ?? {})
    expect(JSON.stringify(loose)).not.toMatch(/"strict"|responseJsonSchema"|"json_schema"/)
    await ask(agent({ structured_output: 'prompt', temperature: undefined, max_tokens: undefined }))
    const told = JSON.stringify(lastRequest()?.body)
    expect(told).not.toMatch(
      /response_format|"format"|responseMimeType|temperature|max_(completion|output)_tokens|maxOutputTokens/,
    )
  })

  test('whoever wants it to think says so, and then no temperature goes along', async () => {
    const thinks = findModel(findProvider('llm', provider), one.config.model)?.at_once !== undefined
    await ask(agent({ think_first: true }))
    const told = JSON.stringify(lastRequest()?.body)
    expect(/reasoning|thinking|effort/i.test(told)).toBe(false)
    expect(told.includes('"temperature":0')).toBe(!thinks)
  })

  test('closing it ends the request', async () => {
    await proxy.fault('silent')
    const gone = new AbortController()
    const asked = server.next()
    const asking = ask(agent(), { signal: gone.signal })
    await asked
    gone.abort()
    expect(await asking).toEqual({ text: '', usage: undefined })
    await proxy.idle()
    await proxy.fault()
  })

  test.each(LLM_FAULTS)('%s is told in plain words, and the next call works', async (fault, expected) => {
    await proxy.fault(fault)
    const { text, failure } = await outcome(agent(HANGS.includes(fault) ? { timeout_ms: 150 } : {}))
    await proxy.fault()
    await proxy.idle()
    if (failure) expect(failure).toMatchObject({ ...expected, message: expect.stringMatching(expected.message) as string })
    else expect([fault, text]).toEqual([expect.stringMatching(/garbage|half_json/), expect.not.stringMatching(/You said/)])
    expect(JSON.stringify(failure ?? {})).not.toContain(KEY)
    expect(JSON.stringify(failure ?? {})).not.toContain(SECRET)
    expect((await ask(agent())).text).toContain('Blue is the answer.')
  })

  test('how long to wait is passed on; a fault of the server is tried again when the turn allows it', async () => {
    await proxy.fault('status_429')
    const { failure } = await outcome(agent())
    // The session library's own gateway client forgets it.
    if (provider !== 'livekit-inference') expect(failure).toMatchObject({ retry_after_ms: 7000 })
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
  })

  test('its model is in the catalogue, or the provider takes any', () => {
    const found = findProvider('llm', provider)
    const option = found?.options.find(({ key }) => key === 'model')
    expect(findModel(found, one.config.model) ?? (option?.type === 'model' && option.any)).toBeTruthy()
    expect(new URL(one.source).protocol).toBe('https:')
  })
})
