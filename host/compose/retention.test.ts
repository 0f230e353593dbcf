import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { SessionId } from '../../core/contract/ids.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { agentId, AUDIT, create, event, newDelivery, newScope, newSession, newTenant } from '../stores/testing/samples.ts'
import { createClosing } from './closing.ts'
import { createRetention } from './retention.ts'

const DAY = 24 * 3_600_000

test('of every tenant goes what was deleted 30 days ago, and calls that ended longer ago than they are kept', async () => {
  let now = 100 * DAY
  const { store, calls, limits } = await openTestStores(() => now)
  const scopes = [newScope(), newScope()]
  const [first, second] = [scopes[0]!, scopes[1]!]
  const retention = (calls_kept_ms: number) =>
    createRetention({
      base: { store, clock: () => now, log: pino({ level: 'silent' }), closing: createClosing() },
      ...{ calls, limits, calls_kept_ms },
    })
  const ended = async (ended_at: number, scope = second) => {
    const session = newSession({ started_at: ended_at - 10 })
    const { session_id } = session
    const last = { ...event(1, 1, { type: 'session.ended', reason: 'stopped' }), at: ended_at }
    for (const change of [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events: [last] },
    ] as const)
      await calls.commit(scope, [change])
    return session_id
  }
  for (const scope of scopes) {
    // Also of a tenant that is disabled.
    await store.commit(scope, [{ kind: 'tenant.save', tenant: newTenant(scope, { enabled: scope === first }) }], AUDIT)
    await store.commit(scope, [create('gone'), create('late'), create('here')], AUDIT)
    await store.commit(scope, [{ kind: 'agent.delete', agent_id: agentId('gone') }], AUDIT)
  }
  now += 2 * DAY
  for (const scope of scopes) await store.commit(scope, [{ kind: 'agent.delete', agent_id: agentId('late') }], AUDIT)
  const [old, young] = [await ended(now), await ended(now + 10 * DAY)]
  const going = newSession({ started_at: 1 })
  await calls.commit(scopes[0]!, [{ kind: 'session.create', session: going }])

  now += 29 * DAY
  // Two instances at the same time, and one for which calls stay.
  await Promise.all([retention(0).tidy(), retention(0).tidy()])
  for (const scope of scopes) {
    const there = await Promise.all(['gone', 'late', 'here'].map((id) => store.agents.findSummary(scope, id)))
    expect(there.map((agent) => agent?.agent_id)).toEqual([undefined, 'late', 'here'])
  }
  expect(await calls.find(scopes[1]!, old)).toBeDefined()
  now += 2 * DAY
  await Promise.all([retention(30 * DAY).tidy(), retention(30 * DAY).tidy()])
  expect(await calls.find(scopes[1]!, old)).toBeUndefined()
  expect(await calls.find(scopes[1]!, young)).toBeDefined()
  expect(await calls.find(scopes[0]!, going.session_id)).toBeDefined()
})

test('a tenant keeps its calls as long as it says, and what is needed for a while goes after that', async () => {
  let now = 800 * DAY
  const { store, calls, limits } = await openTestStores(() => now)
  const [shorter, longer, other] = [newScope(), newScope(), newScope()]
  const kept = new Map([
    [shorter, 3],
    [longer, 0],
    [other, null],
  ])
  const begun = (await store.feed.since(shorter, undefined, 1)).token
  for (const [scope, retention_days] of kept)
    await store.commit(scope, [{ kind: 'tenant.save', tenant: newTenant(scope, { retention_days }) }], AUDIT)
  const known = (await store.feed.since(shorter, begun, 10)).token
  const sessions = new Map<TenantScope, SessionId>()
  for (const scope of kept.keys()) {
    const session = newSession({ started_at: now })
    const { session_id } = session
    const end = { ...event(1, 1, { type: 'session.ended', reason: 'stopped' }), at: now }
    const waits = newDelivery(session_id, { created_at: now })
    await calls.commit(scope, [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events: [end] },
      ...[waits, newDelivery(session_id, { created_at: now, state: 'delivered' })].map(
        (delivery) => ({ kind: 'delivery.save', delivery }) as const,
      ),
    ])
    sessions.set(scope, session_id)
  }
  const use = { session_id: sessions.get(longer)!, month: new Date(now).toISOString().slice(0, 7), ms: 60_000 }
  await limits.takeMinutes(longer, use, {})
  const { tidy } = createRetention({
    base: { store, clock: () => now, log: pino({ level: 'silent' }), closing: createClosing() },
    ...{ calls, limits, calls_kept_ms: 30 * DAY },
  })
  const left = async () =>
    Promise.all([...kept.keys()].map(async (scope) => (await calls.find(scope, sessions.get(scope)!)) !== undefined))

  now += 4 * DAY
  await tidy()
  expect(await left()).toEqual([false, true, true])
  expect((await store.feed.since(shorter, begun, 10)).entries).toHaveLength(1)
  now += 27 * DAY
  await tidy()
  expect(await left()).toEqual([false, true, false])
  expect((await calls.deliveries.list(longer, 'hook', { limit: 10 })).rows).toMatchObject([{ state: 'waiting' }])
  await expect(store.feed.since(shorter, begun, 10)).rejects.toMatchObject({ code: 'malformed' })
  expect((await store.feed.since(shorter, known, 10)).entries).toEqual([])
  expect((await limits.usage(longer, use.month, now)).minutes_ms).toBe(60_000)
  expect(await store.audit.list(shorter, 0, 10)).toHaveLength(1)
  now += 400 * DAY
  await tidy()
  expect((await limits.usage(longer, use.month, now)).minutes_ms).toBe(0)
})
