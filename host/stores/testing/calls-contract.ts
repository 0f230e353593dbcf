import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { TurnId } from '../../../core/contract/ids.ts'
import type { StoredSession } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { UnderTest } from './describe-store.ts'
import { agentId, event, newScope, newSession, notice, outcomes, walk } from './samples.ts'

const room = { connection_id: ConnectionId.parse('local'), room_name: 'greenroom-1', origin: 'dispatch' } as const

/** Calls as rows: what they were started with, who holds them, lists and the search. */
export function callsContract({ stores, second }: UnderTest): void {
  const make = async (scope: TenantScope, changes: Partial<StoredSession> = {}): Promise<StoredSession> => {
    const session = newSession(changes)
    await stores().calls.commit(scope, [{ kind: 'session.create', session }])
    return session
  }
  const end = (scope: TenantScope, { session_id }: StoredSession, reason = 'stopped', seq = 1) =>
    stores().calls.commit(scope, [
      { kind: 'journal.append', session_id, events: [event(1, seq, { type: 'session.ended', reason })] },
    ])

  test('a call comes back with all that it was started with', async () => {
    const { calls } = stores()
    const scope = newScope()
    const plain = await make(scope)
    expect(await calls.find(scope, plain.session_id)).toEqual(plain)
    const input = {
      variables: {},
      script: [],
      seed: 1,
      what_if: {},
      tools: 'mock',
      user_id: 'u1',
      key_id: 'k1',
      overrides: { a: 1 },
    } as const
    const full = await make(scope, {
      ...{ kind: 'room', room, route: 'purpose', input: { ...input, as: { user_name: 'Ana', user_details: { tier: 1 } } } },
      ...{ lease: { owner: 'me', lease_until: 10 }, release: { release_id: 'r', version: '1.0.0' } },
    })
    expect(await calls.find(scope, full.session_id)).toEqual(full)
    const [session_id, other] = [full.session_id, { ...input, seed: 2 }]
    await calls.commit(scope, [
      { kind: 'session.input', session_id, input: other },
      { kind: 'session.agent', session_id, agent_id: agentId('bob'), agent_name: 'Bob', revision: 4 },
    ])
    expect(await calls.find(scope, session_id)).toMatchObject({ agent_id: 'bob', agent_name: 'Bob', revision: 4, input: other })
  })

  test('the next attempt is begun once, with a new holder and a new journal', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { session_id } = await make(scope, { lease: { owner: 'dead', lease_until: 5 } })
    const all = Array.from({ length: 8 }, (_, index) => {
      const lease = { owner: `w${index}`, lease_until: 50 }
      return (index % 2 === 0 ? stores() : second()).calls.commit(scope, [
        { kind: 'session.attempt', session_id, attempt: 2, lease },
      ])
    })
    expect(await outcomes(all)).toEqual({ done: 1, codes: Array(7).fill('conflict') })
    const session = await calls.find(scope, session_id)
    expect(session).toMatchObject({
      attempt: 2,
      state: 'starting',
      lease: { owner: expect.stringMatching(/^w/), lease_until: 50 },
    })
    await expect(calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 4 }])).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('a lease is held by its owner alone, until the call is over', async () => {
    const { calls } = stores()
    const scope = newScope()
    const session = await make(scope, { lease: { owner: 'me', lease_until: 10 } })
    const { session_id } = session
    await calls.commit(scope, [{ kind: 'session.lease', session_id, lease: { owner: 'other', lease_until: 99 } }])
    expect((await calls.find(scope, session_id))?.lease).toEqual({ owner: 'me', lease_until: 10 })
    await calls.commit(scope, [{ kind: 'session.lease', session_id, lease: { owner: 'me', lease_until: 20 } }])
    const mine = async () => (await calls.listUnended()).filter(({ scope: { tenant_id } }) => tenant_id === scope.tenant_id)
    expect(await mine()).toMatchObject([
      { scope, session: { lease: { owner: 'me', lease_until: 20 } }, last: { attempt: 1, seq: 0 } },
    ])
    await end(scope, session)
    expect(await calls.find(scope, session_id)).not.toHaveProperty('lease')
    expect(await mine()).toEqual([])
  })

  test('those whose lease ran out are found, of every tenant, and those that go on are counted by agent', async () => {
    const { calls } = stores()
    const [scope, other] = [newScope(), newScope('ben')]
    const lease = (lease_until: number) => ({ lease: { owner: 'gone', lease_until } })
    const late = await make(scope, lease(20))
    const first = await make(other, lease(10))
    const over = await make(scope, { ...lease(5), agent_id: agentId('bob') })
    await make(scope, lease(30))
    await make(scope)
    await end(scope, over)
    const expired = (await calls.listExpired(30, 1000)).filter(({ scope: { tenant_id } }) =>
      [scope.tenant_id, other.tenant_id].includes(tenant_id),
    )
    expect(expired).toEqual([
      { scope: other, session: first, last: { attempt: 1, seq: 0 } },
      { scope, session: late, last: { attempt: 1, seq: 0 } },
    ])
    expect(await calls.listExpired(30, 1)).toHaveLength(1)
    expect(await calls.countActive(scope)).toEqual({ ada: 3 })
    expect(await calls.countActive(newScope())).toEqual({})
  })

  test('the newest call of a room that lost its connection is found while it can still go on', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { connection_id, room_name } = room
    const find = (ended_since: number, of = scope) => calls.findLost(of, { connection_id, room_name, ended_since })
    expect(await find(0)).toBeUndefined()
    const lost = await make(scope, { kind: 'room', room, started_at: 1 })
    await end(scope, lost, 'connection_lost')
    expect(await find(0)).toMatchObject({ session_id: lost.session_id })
    expect(await find(6000)).toBeUndefined()
    expect(await find(0, newScope())).toBeUndefined()
    await end(scope, await make(scope, { kind: 'room', room, started_at: 2 }), 'caller_left')
    expect(await find(0)).toBeUndefined()
  })

  test('lists: newest first, walked once each, by agent and state; deleted ones are not there until they are back', async () => {
    const { calls } = stores()
    const scope = newScope()
    const sessions = Array.from({ length: 20 }, (_, index) =>
      newSession({ started_at: 1000 + Math.floor(index / 3), agent_id: agentId(index % 4 ? 'ada' : 'bob') }),
    )
    await calls.commit(
      scope,
      sessions.map((session) => ({ kind: 'session.create', session }) as const),
    )
    const seen = await walk((cursor) => calls.list(scope, { limit: 7, ...(cursor !== undefined && { cursor }) }))
    expect(seen.map(({ session_id }) => session_id)).toEqual(sessions.map(({ session_id }) => session_id).reverse())
    expect(await calls.list(scope, { limit: 50, agent_id: 'bob' })).toMatchObject({ count: 5, rows: { length: 5 } })
    await end(scope, sessions[0]!)
    expect((await calls.list(scope, { limit: 50, state: 'ended' })).rows).toMatchObject([
      { state: 'ended', end_reason: 'stopped' },
    ])
    expect((await calls.list(scope, { limit: 50, state: 'active' })).count).toBe(19)
    await expect(calls.list(scope, { limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'malformed' })
    const { session_id } = sessions[0]!
    await calls.commit(scope, [{ kind: 'session.delete', session_id, at: 2000 }])
    await calls.commit(scope, [{ kind: 'session.delete', session_id, at: 9_000_000_000_000 }])
    expect((await calls.list(scope, { limit: 50 })).count).toBe(19)
    expect(await calls.find(scope, session_id)).toMatchObject({ deleted_at: 2000 })
    await calls.commit(scope, [{ kind: 'session.undelete', session_id }])
    expect((await calls.list(scope, { limit: 50 })).count).toBe(20)
  })

  test('search: each word begins a word that was said, or stands in the name, id or end reason', async () => {
    const { calls } = stores()
    const scope = newScope()
    const session = await make(scope, { agent_name: 'Grüße 100%', agent_id: agentId('sales_eu') })
    const turn_id = TurnId.parse(v7())
    const committed = { turn_id, interrupted: false, metrics: {}, usage: {}, times: {} } as const
    const { session_id } = session
    await calls.commit(scope, [
      {
        kind: 'journal.append',
        session_id,
        events: [
          event(1, 1, { type: 'turn.started', turn_id, index: 1, source: 'text', revision: 1 }),
          event(1, 2, { type: 'transcript.final', turn_id, text: "My Café order, please; don't wait" }),
          event(1, 3, { type: 'turn.committed', ...committed, spoken: 'Einen Moment, ich schaue nach.' }),
          event(1, 4, { type: 'session.ended', reason: 'caller_left' }),
        ],
      },
    ])
    const found = async (q: string) => (await calls.list(scope, { limit: 9, q })).count
    for (const q of ['café', 'cafe order', 'ord', 'MOMENT', 'schau my', 'caller_left', 'sales_e', '100%', '  ']) {
      expect([q, await found(q)]).toEqual([q, 1])
    }
    for (const q of ['rder', 'cafe nothing', '%', 'caller%', '"', '*', "' or 1=1 --", 'a | b', '!x']) {
      expect([q, await found(q)]).toEqual([q, q === '%' ? 1 : 0])
    }
  })

  test('what was deleted before a time goes for ever, with its journal and deliveries', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { session_id } = await make(scope)
    await calls.commit(scope, [
      { kind: 'journal.append', session_id, events: [notice(1, 1)] },
      { kind: 'session.delete', session_id, at: 3 },
    ])
    expect(await calls.purgeDeleted(3)).toBe(0)
    expect(await calls.purgeDeleted(4)).toBeGreaterThanOrEqual(1)
    expect(await calls.find(scope, session_id)).toBeUndefined()
    expect(await calls.journal(scope, session_id, { attempt: 0, seq: 0 }, 9)).toEqual({ events: [], more: false })
  })
}
