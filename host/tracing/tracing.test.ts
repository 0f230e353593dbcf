import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { DocumentJson } from '../../core/contract/agents.ts'
import type { AgentId, SessionId } from '../../core/contract/ids.ts'
import { callerOf, OPERATOR, startServedHost } from '../testing/start-served-host.ts'
import { startTestHost, type TestHost } from '../testing/start-test-host.ts'
import { watchSession } from '../testing/watch-session.ts'
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './testing/otlp-receiver.ts'

const KEY = 'canary-crm-key-0123456789'
const COLLECTOR_KEY = 'canary-collector-key-987654'
let collector: OtlpReceiver
let studio: TestHost
let tool: Awaited<ReturnType<typeof startEcho>>
beforeAll(async () => {
  collector = await startOtlpReceiver()
  tool = await startEcho()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', `x-collector-key=${COLLECTOR_KEY}`)
  vi.stubEnv('LANGFUSE_PUBLIC_KEY', 'pk-lf-1')
  vi.stubEnv('LANGFUSE_SECRET_KEY', 'sk-lf-2')
  vi.stubEnv('LANGFUSE_BASE_URL', `${collector.url}/langfuse`)
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test')
  vi.stubEnv('GREENROOM_TEST_CRM_KEY', KEY)
  studio = await startTestHost()
})
afterAll(async () => {
  await studio.close()
  vi.unstubAllEnvs()
  await Promise.all([collector.close(), tool.close()])
})

/** Answers with what it was asked, keys and all. */
async function startEcho() {
  const server = createServer((request, response) => {
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ order: 4711, said: request.headers['authorization'] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`, close }
}

async function addAgent(tracing_config: DocumentJson, name = 'Ada'): Promise<AgentId> {
  const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name })
  const book = {
    ...{ type: 'http', name: 'book_table', description: 'Books a table.', url: tool.url },
    ...{ headers: { authorization: 'Bearer {{ secrets.crm }}' }, secrets: { crm: 'env:GREENROOM_TEST_CRM_KEY' } },
  }
  const content = DocumentJson.parse({
    ...head.content,
    prompt_config: { instructions: 'Be kind to canary-prompt people.', greeting: 'Canary-greeting hello.' },
    llm_config: { provider: 'rehearsal', model: 'instant' },
    tools: [book],
    tracing_config,
  })
  await studio.call('agent.save', { agent_id: head.agent_id, content, based_on: 1 })
  return head.agent_id
}

async function startCall(agent_id: AgentId) {
  const { session } = await studio.call('session.start', { agent_id, modality: 'text', variables: { user_id: 'user-7' } })
  const { session_id } = session
  const call = await watchSession(studio, session_id)
  await call.journaled('turn.committed')
  let turns = 1
  return {
    session_id,
    say: async (text: string) => {
      await studio.call('session.say', { session_id, text })
      turns += 1
      return call.journaled('turn.committed', undefined, turns)
    },
    stop: () => studio.call('session.stop', { session_id }),
  }
}

/** Of the collector alone: Langfuse gets the same. */
const ofOtlp = (): readonly ReceivedSpan[] =>
  collector.requests.filter(({ path }) => path === '/v1/traces').flatMap(({ spans }) => spans)
const traced = (session_id: SessionId): Promise<readonly ReceivedSpan[]> =>
  collector.until(() => {
    const spans = ofOtlp().filter(({ attributes }) => attributes['session.id'] === session_id)
    return spans.some(({ name }) => name === 'agent_session') ? spans : undefined
  })

describe('a call is a trace', () => {
  test('session, turns, LLM and tools, with fields and costs, without keys', async () => {
    const call = await startCall(await addAgent({ enabled: true }))
    await call.say('Please book_table for two canary-caller people.')
    await call.say('And thank you.')
    await call.stop()
    const spans = await traced(call.session_id)

    const [root] = spans.filter(({ name }) => name === 'agent_session')
    expect(root).toMatchObject({
      parent_id: '',
      attributes: {
        'gen_ai.agent.name': 'Ada',
        'gen_ai.conversation.id': call.session_id,
        'user.id': 'user-7',
        'langfuse.user.id': 'user-7',
        'langfuse.session.id': call.session_id,
        'greenroom.tenant_id': 'local',
        'greenroom.session.end_reason': 'stopped',
        'greenroom.session.turns': 3,
        'gen_ai.system_instructions': expect.stringContaining('canary-prompt') as string,
      },
      resource: { 'service.name': 'greenroom', 'deployment.environment.name': 'test' },
    })
    expect(new Set(spans.map(({ trace_id }) => trace_id)).size).toBe(1)
    expect(new Set(spans.map(({ span_id }) => span_id)).size).toBe(spans.length)
    const turns = spans.filter(({ name }) => name === 'agent_turn')
    expect(turns.map(({ attributes }) => attributes['greenroom.turn.source'])).toEqual(['greeting', 'text', 'text'])
    expect(turns.every(({ parent_id }) => parent_id === root?.span_id)).toBe(true)
    const [, booked] = turns
    expect(booked?.attributes).toMatchObject({
      'greenroom.output.system_response': expect.any(String) as string,
      'greenroom.output.voice_instructions': expect.any(String) as string,
      'lk.pii.user_input': expect.stringContaining('canary-caller') as string,
      'langfuse.observation.output': expect.stringContaining('system_response') as string,
      'greenroom.turn.parse': 'json',
    })
    const within = spans.filter(({ parent_id }) => parent_id === booked?.span_id)
    expect(within.map(({ name }) => name)).toEqual(['llm_node', 'llm_node', 'function_tool'])
    const [asked, again, used] = within
    expect(asked?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'rehearsal',
      'gen_ai.input.messages': expect.stringContaining('canary-caller') as string,
      'greenroom.llm.round': 1,
    })
    expect(again?.attributes['gen_ai.output.messages']).toContain('system_response')
    expect(used?.attributes).toMatchObject({
      'gen_ai.tool.name': 'book_table',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.call.result': expect.stringContaining('4711') as string,
      'lk.function_tool.is_error': false,
    })
    for (const span of spans) {
      expect(span.end >= span.start).toBe(true)
      const parent = spans.find(({ span_id }) => span_id === span.parent_id)
      if (parent) expect(parent.start <= span.start && parent.end >= span.end, span.name).toBe(true)
    }
    expect(used!.start >= asked!.end && again!.start >= used!.end).toBe(true)

    const sentTo = (path: string) => collector.until(() => collector.requests.find((request) => request.path === path))
    const [otlp, langfuse] = [await sentTo('/v1/traces'), await sentTo('/langfuse/api/public/otel/v1/traces')]
    expect(otlp.headers).toMatchObject({ 'x-collector-key': COLLECTOR_KEY, 'content-type': 'application/x-protobuf' })
    expect(langfuse.headers['authorization']).toBe(`Basic ${Buffer.from('pk-lf-1:sk-lf-2').toString('base64')}`)
    for (const { bytes } of collector.requests)
      for (const key of [KEY, COLLECTOR_KEY, 'sk-lf-2']) expect(bytes.includes(key)).toBe(false)
  })

  test('without content nothing that was said, written or asked is told', async () => {
    const call = await startCall(await addAgent({ enabled: true, content: 'none' }, 'Discreet'))
    const { spoken } = await call.say('Please book_table for two canary-caller people.')
    await call.stop()
    const spans = await traced(call.session_id)
    expect(spans.map(({ name }) => name).sort()).toEqual(
      ['agent_session', 'agent_turn', 'agent_turn', 'function_tool', 'llm_node', 'llm_node'].sort(),
    )
    expect(spans.find(({ name }) => name === 'function_tool')?.attributes).toMatchObject({ 'gen_ai.tool.name': 'book_table' })
    const all = JSON.stringify(spans, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    expect(spoken.length).toBeGreaterThan(5)
    for (const told of ['canary-caller', 'canary-prompt', 'Canary-greeting', '4711', 'greenroom.output', spoken, KEY]) {
      expect(all.includes(told), told).toBe(false)
    }
  })
})

describe('at run time', () => {
  test('an agent’s traces go on and off with the next turn of calls that run; one call’s own switch is above it', async () => {
    const agent_id = await addAgent({ enabled: false, sample_rate: 1 }, 'Toggled')
    const quiet = await startCall(agent_id)
    const loud = await startCall(agent_id)
    const toggle = (enabled: boolean, session_id?: SessionId) =>
      studio.call('config.toggle_tracing', { agent_id, enabled, ...(session_id && { session_id }) })
    await toggle(true, loud.session_id)
    await Promise.all([quiet.say('one'), loud.say('one')])
    await toggle(true)
    await toggle(false, loud.session_id)
    await Promise.all([quiet.say('two'), loud.say('two')])
    await toggle(false)
    await Promise.all([quiet.say('three'), loud.say('three')])
    await Promise.all([quiet.stop(), loud.stop()])
    const heard = async ({ session_id }: Readonly<{ session_id: SessionId }>) =>
      (await traced(session_id))
        .filter(({ name }) => name === 'agent_turn')
        .map(({ attributes }) => attributes['lk.pii.user_input'])
    expect(await heard(quiet)).toEqual(['two'])
    expect(await heard(loud)).toEqual(['one'])
    const saved = await studio.call('agent.get', { agent_id })
    expect(saved.head.content['tracing_config']).toMatchObject({ enabled: false })
  })

  test('sampling leaves out whole calls, and a collector that is away costs no call anything', async () => {
    const never = await startCall(await addAgent({ enabled: true, sample_rate: 0 }, 'Never'))
    await never.say('nothing of this')
    await never.stop()
    collector.answer(503)
    const call = await startCall(await addAgent({ enabled: true }, 'Always'))
    await call.say('one')
    await call.stop()
    const { targets } = await studio.call('tracing.status', {})
    expect(targets.map(({ target }) => target).sort()).toEqual(
      [`${collector.url}/langfuse/api/public/otel/v1/traces`, `${collector.url}/v1/traces`].sort(),
    )
    collector.answer(200)
    await traced(call.session_id)
    expect(ofOtlp().some(({ attributes }) => attributes['session.id'] === never.session_id)).toBe(false)
    const { body } = await studio.host.metrics.text()
    expect(body).toMatch(/^greenroom_trace_spans_total\{outcome="sent"\} [1-9]/m)
    expect(body).toMatch(/^greenroom_trace_spans_total\{outcome="dropped"\} 0$/m)
  })

  test('an instance without a worker says that it traces no calls; a tier without tracing refuses to switch it on', async () => {
    const served = await startServedHost(['acme'])
    onTestFinished(served.close)
    const ann = callerOf('acme')
    expect(await served.get(ann, 'tracing.status', {})).toEqual({
      takes_calls: false,
      targets: [],
      note: expect.stringContaining('no worker') as string,
    })
    expect(await studio.call('tracing.status', {})).not.toHaveProperty('note')
    const { head } = await served.get(ann, 'agent.create', { source: { kind: 'blank' }, name: 'Ada' })
    const { agent_id } = head
    const features = (tracing: boolean) =>
      served.get(OPERATOR, 'tenant.update', { tenant_id: ann.tenant_id, features: { tracing } })
    await features(false)
    const on = { agent_id, enabled: true }
    await expect(served.get(ann, 'config.toggle_tracing', on)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await served.get(ann, 'config.toggle_tracing', { agent_id, enabled: false })).toMatchObject({ enabled: false })
    await features(true)
    expect(await served.get(ann, 'config.toggle_tracing', on)).toMatchObject({ enabled: true })
  })
})
