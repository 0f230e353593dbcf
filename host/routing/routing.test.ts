import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { blankAgent } from '../../core/agent/blank-agent.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { AgentId } from '../../core/contract/ids.ts'
import type { RoutingConfig } from '../../core/routing/routing-config.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { callerOf, startServedHost } from '../testing/start-served-host.ts'
import { callerWith, startTestHost, type TestHost } from '../testing/start-test-host.ts'

let studio: TestHost
beforeEach(async () => {
  studio = await startTestHost()
})
afterEach(() => studio.close())

const document = (id: string, routing?: RoutingConfig) =>
  DocumentJson.parse({ ...blankAgent(AgentId.parse(id), id), ...(routing && { routing }) })
const create = (id: string, routing?: RoutingConfig) =>
  studio.call('agent.create', { source: { kind: 'document', content: document(id, routing) }, agent_id: id })
const decide = (metadata: object = {}) =>
  studio.call('route.decide', { job_metadata: JSON.stringify(metadata), participant: { identity: 'ana' } })

describe('a decision follows what is saved', () => {
  test('created, changed, disabled, deleted, brought back', async () => {
    await create('ada', { purposes: ['Math'] })
    await create('bob')
    expect(await decide({ purpose: 'math' })).toMatchObject({ agent_id: 'ada', rule: 'purpose' })

    await studio.call('agent.save', { agent_id: 'bob', content: document('bob', { purposes: ['poems'] }), based_on: 1 })
    expect(await decide({ purpose: 'POEMS' })).toMatchObject({ agent_id: 'bob' })

    await studio.call('agent.set_state', { agent_id: 'bob', enabled: false })
    const without = await decide({ purpose: 'poems' })
    expect(without).toMatchObject({ agent_id: 'ada', rule: 'default' })
    expect(without.rules[1]?.reason).toContain('is disabled')

    await studio.call('agent.delete', { agent_id: 'ada' })
    expect((await decide({ agent_id: 'ada' })).agent_id).toBeUndefined()
    await studio.call('agent.undelete', { agent_id: 'ada' })
    expect(await decide({ agent_id: 'ada' })).toMatchObject({ agent_id: 'ada', rule: 'explicit' })
  })

  test('what is only typed leads nowhere', async () => {
    await create('ada')
    await create('bob')
    const content = document('ada', { purposes: ['math'] })
    await studio.call('agent.edit', { agent_id: 'ada', content, based_on: 1, edit: 0, client_id: 'w1' })
    expect((await decide({ purpose: 'math' })).agent_id).toBeUndefined()
  })

  test('one default at a time, and none again', async () => {
    await create('ada')
    await create('bob')
    await decide()
    await studio.call('agent.set_state', { agent_id: 'ada', is_default: true })
    expect(await decide()).toMatchObject({ agent_id: 'ada', rule: 'tenant_default' })
    await studio.call('agent.set_state', { agent_id: 'bob', is_default: true })
    expect(await decide()).toMatchObject({ agent_id: 'bob', rule: 'tenant_default' })
    await studio.call('agent.set_state', { agent_id: 'bob', is_default: false })
    expect((await decide()).agent_id).toBeUndefined()
  })

  test('a tenant that is not the one of the credential is refused', async () => {
    await create('ada')
    const decision = await decide({ agent_id: 'ada', tenant_id: 'acme' })
    expect(decision.agent_id).toBeUndefined()
    expect(decision.refused).toMatchObject([{ path: '/job_metadata/tenant_id' }])
  })
})

test('a caller whom the token names gets the default of its own, of its own tenant, as long as that one answers', async () => {
  const served = await startServedHost(['acme', 'other'])
  try {
    const [admin, ben] = [callerOf('acme'), callerOf('acme', 'developer', 'ben')]
    const short = (name: string) => ({
      agent: { name, instructions: 'Be kind.', llm: { provider: 'rehearsal', model: 'instant' } },
    })
    for (const name of ['everybody', 'mine']) await served.get(admin, 'short.create', short(name))
    await served.get(admin, 'agent.set_state', { agent_id: 'everybody', is_default: true })
    await served.get(ben, 'short.set_default', { id: 'mine' })
    const asked = async (caller: Caller, user_id: unknown, more: object = {}) =>
      (await served.get(caller, 'route.decide', { job_metadata: JSON.stringify({ user_id }), ...more })).agent_id
    const participant = { identity: 'x', metadata: '{"user_id":"ben"}' }
    expect(await asked(admin, 'ben', { participant })).toBe('mine')
    for (const user_id of ['ana', 'ben\u0000', '', 'x'.repeat(200)])
      expect(await asked(admin, user_id, { participant: { identity: 'x' } })).toBe('everybody')
    // What the caller itself says of who it is chooses nothing.
    expect(await asked(admin, undefined, { participant, caller_may_write: true })).toBe('everybody')
    expect(await asked(callerOf('other'), 'ben', { participant })).toBeUndefined()
    await served.get(admin, 'agent.set_state', { agent_id: 'mine', enabled: false })
    expect(await asked(admin, 'ben', { participant })).toBe('everybody')
  } finally {
    await served.close()
  }
})

describe('A/B weights', () => {
  const arms = [
    { agent_id: AgentId.parse('ada'), weight: 3 },
    { agent_id: AgentId.parse('bob'), weight: 1 },
  ]

  test('are kept over a restart, told to the windows, audited, and decide', async () => {
    await create('ada')
    await create('bob')
    await decide()
    const bounds = { max_error_rate: 0.1, max_silence_p95_ms: 1500, min_sessions: 5 }
    const asked = { experiment: 'tone', arms, bounds }
    // What the host writes itself is nobody's to set.
    const claimed = { ...asked, changed_at: 1, stopped: [{ ...arms[0], reason: 'mine', at: 1 }] }
    expect(await studio.dispatch('route.set_weights', claimed)).toMatchObject({ ok: true })
    expect(studio.events).toContainEqual(expect.objectContaining({ type: 'route.changed' }))
    const first = await decide({ user_id: 'u1' })
    expect(first).toMatchObject({ rule: 'weights', user_id: 'u1' })
    expect(first.reason).toContain('"tone"')
    studio = await studio.restart()
    const { weights } = await studio.call('route.get', {})
    expect(weights).toEqual({ ...asked, changed_at: weights.changed_at })
    expect(weights.changed_at).toBeGreaterThan(1)
    expect((await decide({ user_id: 'u1' })).agent_id).toBe(first.agent_id)
  })

  test('an agent has one, and a viewer changes none', async () => {
    const twice = [...arms, { agent_id: AgentId.parse('ADA'), weight: 1 }]
    expect(await studio.dispatch('route.set_weights', { arms: twice })).toMatchObject({ ok: false, error: { code: 'malformed' } })
    const reply = await studio.host.dispatch(callerWith('viewer'), 'route.set_weights', { arms })
    expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  })
})

test('what is known of each agent, and which purposes more than one has', async () => {
  await create('ada', { purposes: ['Math', 'art'], attributes: [{ key: 'tier' }], dispatch_by_name: true })
  await create('bob', { purposes: ['math'] })
  const { agents, shared_purposes } = await studio.call('route.get', {})
  expect(agents).toMatchObject([
    { agent_id: 'ada', purposes: ['Math', 'art'], has_attributes: true, has_hours: false, dispatch_by_name: true },
    { agent_id: 'bob', purposes: ['math'], has_attributes: false },
  ])
  expect(shared_purposes).toEqual([{ purpose: 'math', agent_ids: ['ada', 'bob'] }])
})
