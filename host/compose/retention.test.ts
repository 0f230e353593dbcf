import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openTestStores } from '../testing/open-test-stores.ts'
import { agentId, AUDIT, create, event, newScope, newSession } from '../stores/testing/samples.ts'
import { createClosing } from './closing.ts'
import { createRetention } from './retention.ts'

const DAY = 24 * 3_600_000

test('of every tenant goes what was deleted 30 days ago, and calls that ended longer ago than they are kept', async () => {
  let now = 100 * DAY
  const { store, calls } = await openTestStores(() => now)
  const scopes = [newScope(), newScope()]
  const retention = (calls_kept_ms: number) =>
    createRetention({
      base: { store, clock: () => now, log: pino({ level: 'silent' }), closing: createClosing() },
      ...{ calls, calls_kept_ms, tenants: { list: async () => scopes } },
    })
  const ended = async (ended_at: number) => {
    const session = newSession({ started_at: ended_at - 10 })
    const { session_id } = session
    const last = { ...event(1, 1, { type: 'session.ended', reason: 'stopped' }), at: ended_at }
    for (const change of [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events: [last] },
    ] as const)
      await calls.commit(scopes[1]!, [change])
    return session_id
  }
  for (const scope of scopes) {
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
