import { expect, test, vi } from 'vitest'
import { TurnId, type SessionId } from '../../../core/contract/ids.ts'
import type { CallInput, StoredSession } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { UnderTest } from './describe-store.ts'
import { event, newDelivery, newScope, newSession, notice, outcomes, START } from './samples.ts'

const input: CallInput = { variables: {}, script: [], seed: 1, what_if: {} }

/** What is removed so that it never comes back, and what grows for ever unless somebody prunes it. */
export function removalContract({ stores, second }: UnderTest): void {
  /** A call in which something was said, with a delivery that waits. */
  async function call(scope: TenantScope, changes: Partial<StoredSession>, ended_at?: number): Promise<SessionId> {
    const session = newSession(changes)
    const { session_id } = session
    const turn_id = TurnId.parse(session_id)
    const said = event(1, 1, { type: 'turn.started', turn_id, index: 0, source: 'text', revision: 1 })
    const events = [said, event(1, 2, { type: 'transcript.final', turn_id, text: 'zimtstern of mine', language: 'en' })]
    const end = { ...event(1, 3, { type: 'session.ended', reason: 'stopped' }), at: ended_at ?? 0 }
    await stores().calls.commit(scope, [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events: ended_at === undefined ? events : [...events, end] },
      { kind: 'delivery.save', delivery: newDelivery(session_id) },
    ])
    return session_id
  }

  test('all that is over of a caller goes with everything below it, once, whoever said who it was', async () => {
    const { calls } = stores()
    const [scope, elsewhere] = [newScope(), newScope()]
    const of = (more: Partial<CallInput>) => ({ input: { ...input, ...more } })
    const gone = [
      await call(scope, of({ user_id: 'zoe@a.example' }), 10),
      await call(scope, of({ as: { user_id: 'zoe@a.example' } }), 20),
      await call(scope, of({ variables: { user_id: 'zoe@a.example' } }), 30),
    ]
    await calls.commit(scope, [{ kind: 'session.delete', session_id: gone[0]!, at: 40 }])
    const stays = [
      await call(scope, of({ user_id: 'zoe' }), 10),
      await call(scope, of({ user_id: 'zoe@a.example' })),
      await call(elsewhere, of({ user_id: 'zoe@a.example' }), 10),
    ]
    const going = await calls.list(scope, { user_id: 'zoe@a.example', state: 'active', limit: 10 })
    expect(going.rows.map(({ session_id }) => session_id)).toEqual([stays[1]])
    const removed = await Promise.all(
      [stores(), second()].map((one) => one.calls.removeEnded(scope, { user_id: 'zoe@a.example' }, 10)),
    )
    expect(removed.flat().sort()).toEqual([...gone].sort())
    for (const session_id of gone) {
      expect(await calls.find(scope, session_id)).toBeUndefined()
      expect(await calls.journal(scope, session_id, START, 10)).toEqual({ events: [], more: false })
    }
    const found = await calls.list(scope, { q: 'zimtstern', limit: 10 })
    expect(found.rows.map(({ session_id }) => session_id).sort()).toEqual([stays[0], stays[1]].sort())
    expect((await calls.deliveries.list(scope, 'hook', { limit: 10 })).count).toBe(2)
    const late = [notice(1, 9)]
    const written = gone.map((session_id) => second().calls.commit(scope, [{ kind: 'journal.append', session_id, events: late }]))
    expect(await outcomes(written)).toEqual({ done: 0, codes: Array(3).fill('not_found') })
    expect(await calls.removeEnded(scope, { user_id: 'zoe@a.example' }, 10)).toEqual([])
    expect(await calls.find(elsewhere, stays[2]!)).toBeDefined()
  })

  test('a feed that was pruned goes on where it was, and tells whoever comes too late', async () => {
    const { store } = stores()
    const [scope, quiet] = [newScope(), newScope()]
    const set = (of: TenantScope, value: number) => store.commit(of, [{ kind: 'setting.set', values: { n: value } }], null)
    const start = (await store.feed.since(scope, undefined, 1)).token
    for (const one of [scope, quiet, scope]) await set(one, 1)
    const before = await store.feed.since(scope, start, 10)
    expect(before.entries).toHaveLength(2)
    const time = Math.max(...before.entries.map(({ at }) => at)) + 1
    await vi.waitUntil(() => Date.now() > time)
    await set(scope, 2)
    await Promise.all([stores(), second()].map((one) => one.store.feed.prune(time)))
    expect((await second().store.feed.since(scope, before.token, 10)).entries).toMatchObject([{ kind: 'setting.set' }])
    for (const one of [stores(), second()]) {
      await expect(one.store.feed.since(scope, start, 10)).rejects.toMatchObject({ code: 'malformed' })
      await expect(one.store.feed.since(quiet, start, 10)).rejects.toMatchObject({ code: 'malformed' })
    }
    const anew = (await store.feed.since(scope, undefined, 1)).token
    await set(scope, 3)
    expect((await store.feed.since(scope, anew, 10)).entries).toHaveLength(1)
  })

  test('deliveries that are over and use of long ago go, what still matters stays', async () => {
    const { calls, limits } = stores()
    const scope = newScope()
    const session_id = await call(scope, {})
    const delivery = newDelivery(session_id, { state: 'delivered', created_at: 7 })
    await calls.commit(scope, [{ kind: 'delivery.save', delivery }])
    for (const month of ['1970-01', '2970-01']) await limits.takeMinutes(scope, { session_id, month, ms: 60_000 }, {})
    await Promise.all([calls.deliveries.prune(8), limits.prune(40 * 24 * 3_600_000)])
    expect((await calls.deliveries.list(scope, 'hook', { limit: 10 })).rows).toMatchObject([{ state: 'waiting' }])
    const used = ['1970-01', '2970-01'].map(async (month) => (await limits.usage(scope, month, 1)).minutes_ms)
    expect(await Promise.all(used)).toEqual([0, 60_000])
  })

  test('calls that ended before a time go, a few at once', async () => {
    const { calls } = stores()
    const scope = newScope()
    for (const ended_at of [10, 20, 30]) await call(scope, {}, ended_at)
    const stays = [await call(scope, {}, 100), await call(scope, {})]
    expect(await calls.removeEnded(scope, { ended_before: 100 }, 2)).toHaveLength(2)
    expect(await second().calls.removeEnded(scope, { ended_before: 100 }, 2)).toHaveLength(1)
    const left = await calls.list(scope, { limit: 10 })
    expect(left.rows.map(({ session_id }) => session_id).sort()).toEqual(stays.sort())
  })
}
