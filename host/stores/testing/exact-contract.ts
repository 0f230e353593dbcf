import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import type { Change } from '../../../core/store/store.ts'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, newKey, newScope, newSession, newTenant, newUser, notice, outcomes } from './samples.ts'

/** What holds over all instances, because the store looks at it inside of the commit. */
export function exactContract({ stores, second }: UnderTest): void {
  const either = (index: number) => (index % 2 === 0 ? stores() : second())

  test('agents that several instances add at the same moment are no more than their tenant may have', async () => {
    const { store } = stores()
    const [scope, other] = [newScope(), newScope()]
    await store.commit(scope, [{ kind: 'tenant.save', tenant: newTenant(scope, { limits: { agents: 3 } }) }], AUDIT)
    const made = Array.from({ length: 12 }, (_, at) => either(at).store.commit(scope, [create(`a${at}`)], AUDIT))
    expect(await outcomes(made)).toEqual({ done: 3, codes: Array(9).fill('quota_exceeded') })
    const { rows, count } = await store.agents.list(scope, { deleted: false, limit: 9 })
    expect(count).toBe(3)
    const [one] = rows.map(({ agent_id }) => agent_id)
    await store.commit(scope, [{ kind: 'agent.delete', agent_id: one! }], AUDIT)
    await second().store.commit(scope, [create('in-its-place')], AUDIT)
    const back = store.commit(scope, [{ kind: 'agent.undelete', agent_id: one! }], AUDIT)
    await expect(back).rejects.toMatchObject({ message: 'This tenant may have 3 agents, and has 3.' })
    const swapped: Change[] = [{ kind: 'agent.delete', agent_id: rows[1]!.agent_id }, create('swapped')]
    await store.commit(scope, swapped, AUDIT)
    await store.commit(other, [create('a'), create('b'), create('c'), create('d')], AUDIT)
  })

  test('of admins, and of their keys, who are taken out by several instances at the same moment, one stays', async () => {
    const { store } = stores()
    const scope = newScope()
    const users = ['a', 'b', 'c', 'd'].map((id) => newUser(id, { role: 'admin' }))
    const keys = users.map(({ user_id }) => newKey({ ...scope, user_id }, { role: 'admin' }))
    const all = [
      ...users.map((user) => ({ kind: 'user.save', user }) as const),
      ...keys.map((key) => ({ kind: 'key.save', key }) as const),
    ]
    await store.commit(scope, all, AUDIT)
    const revoked = keys.map((key, at) =>
      either(at).store.commit(
        scope,
        [
          { kind: 'key.save', key: { ...key, revoked_at: 5 } },
          { kind: 'keeper.require', of: 'key', role: 'admin', at: 5 },
        ],
        AUDIT,
      ),
    )
    expect(await outcomes(revoked)).toEqual({ done: 3, codes: ['conflict'] })
    const disabled = users.map((user, at) =>
      either(at).store.commit(
        scope,
        [
          { kind: 'user.save', user: { ...user, enabled: false } },
          { kind: 'keeper.require', of: 'user', role: 'admin', at: 5 },
        ],
        AUDIT,
      ),
    )
    expect(await outcomes(disabled)).toEqual({ done: 3, codes: ['conflict'] })
    const left = (await store.directory.users(scope, { limit: 9 })).rows.filter(({ enabled }) => enabled)
    expect(left).toHaveLength(1)
  })

  test('a commit under a key happens once, whichever instances are asked how often', async () => {
    const { store } = stores()
    const [scope, other] = [newScope(), newScope()]
    const { token } = await store.feed.since(scope, undefined, 1)
    const [once, later] = [v7(), v7()]
    const asked = Array.from({ length: 6 }, (_, at) => either(at).store.commit(scope, [create('one')], AUDIT, once))
    expect(await outcomes(asked)).toEqual({ done: 6, codes: [] })
    expect(await store.audit.list(scope, 0, 9)).toHaveLength(1)
    expect((await store.feed.since(scope, token, 9)).entries).toHaveLength(1)
    // A key that refused is as if it had never been; another tenant's is another one.
    await expect(store.commit(scope, [create('one')], AUDIT, later)).rejects.toMatchObject({ code: 'conflict' })
    await store.commit(scope, [create('two')], AUDIT, later)
    await store.commit(other, [create('one')], AUDIT, once)
    expect(await store.agents.findSummary(other, 'one')).toBeDefined()
  })

  test('so does one of calls, and it answers the calls as they are', async () => {
    const { calls } = stores()
    const scope = newScope()
    const session = newSession()
    const { session_id } = session
    const once = v7()
    const create = [{ kind: 'session.create', session } as const]
    const made = await Promise.all([0, 1, 2, 3].map((at) => either(at).calls.commit(scope, create, once)))
    expect(new Set(made.map((summaries) => JSON.stringify(summaries.map((one) => one.session_id))))).toEqual(
      new Set([JSON.stringify([session_id])]),
    )
    const append = (key?: string) =>
      second().calls.commit(scope, [{ kind: 'journal.append', session_id, events: [notice(1, 1)] }], key)
    const again = v7()
    await append(again)
    expect(await append(again)).toMatchObject([{ session_id }])
    await expect(append()).rejects.toMatchObject({ code: 'conflict' })
    expect((await calls.journal(scope, session_id, { attempt: 0, seq: 0 }, 9)).events).toEqual([notice(1, 1)])
  })
}
