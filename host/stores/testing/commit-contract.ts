import { expect, test } from 'vitest'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, newScope, outcomes, revise } from './samples.ts'

const setting = (values: Record<string, number>) => ({ kind: 'setting.set', values }) as const

/** All or nothing, and the audit in the same transaction. */
export function commitContract({ stores, second }: UnderTest): void {
  test('all of it or nothing: changes, audit and feed', async () => {
    const { store } = stores()
    const scope = newScope()
    const { token } = await store.feed.since(scope, undefined, 10)
    const broken = store.commit(scope, [setting({ a: 1 }), create('one'), create('ONE')], AUDIT)
    await expect(broken).rejects.toMatchObject({ code: 'conflict' })
    const late = store.commit(scope, [create('two'), revise('none', {}, 1)], AUDIT)
    await expect(late).rejects.toMatchObject({ code: 'not_found' })
    expect(await store.agents.list(scope, { deleted: false, limit: 9 })).toEqual({ rows: [], count: 0 })
    expect(await store.settings.all(scope)).toEqual({})
    expect(await store.audit.list(scope, 0, 10)).toEqual([])
    expect((await store.feed.since(scope, token, 10)).entries).toEqual([])
    await store.commit(scope, [setting({ a: 1 }), create('one')], AUDIT)
    expect(await store.settings.all(scope)).toEqual({ a: 1 })
  })

  test('the chain holds: one row a commit, in order, each on the one before', async () => {
    const { store } = stores()
    const scope = newScope('ben')
    const detail = { n: 1, list: ['ü', null], nested: { b: 1, a: 2 } }
    for (const subject of ['a', 'b', 'c']) await store.commit(scope, [], { action: 'test.done', subject, detail })
    await store.commit(scope, [setting({ quiet: 1 })], null)
    const rows = await store.audit.list(scope, 0, 10)
    expect(rows).toMatchObject(
      ['a', 'b', 'c'].map((subject, index) => ({ seq: index + 1, subject, actor: 'ben', action: 'test.done', detail })),
    )
    expect(rows.map(({ previous_hash }) => previous_hash)).toEqual(['0'.repeat(64), rows[0]?.hash, rows[1]?.hash])
    expect((await store.audit.list(scope, 1, 1)).map(({ seq }) => seq)).toEqual([2])
    expect(await store.audit.findBreak(scope)).toBeUndefined()
  })

  test('under concurrent commits of several instances the chain has no gap, no fork and no row too many', async () => {
    const scope = newScope()
    await stores().store.commit(scope, [create('one')], AUDIT)
    const all = Array.from({ length: 40 }, (_, index) => {
      const { store } = index % 2 === 0 ? stores() : second()
      const changes = index % 4 === 3 ? [revise('one', { index }, 77)] : [setting({ [`k${index}`]: index })]
      return store.commit(scope, changes, { action: 'test', subject: `${index}`, detail: { index } })
    })
    expect(await outcomes(all)).toEqual({ done: 30, codes: Array(10).fill('conflict') })
    const rows = await second().store.audit.list(scope, 0, 100)
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, index) => index + 1))
    expect(await stores().store.audit.findBreak(scope)).toBeUndefined()
    expect(Object.keys(await second().store.settings.all(scope))).toHaveLength(30)
  })

  test('what is committed on one instance is read on another at once', async () => {
    const scope = newScope()
    await stores().store.commit(scope, [create('one', { n: 1 })], AUDIT)
    expect((await second().store.agents.served(scope, 'one'))?.content).toEqual({ n: 1 })
    await second().store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT)
    expect((await stores().store.agents.served(scope, 'one'))?.content).toEqual({ n: 2 })
  })

  test('a text with a NUL in it comes back, half a character is refused in words', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(scope, [create('nul', { name: 'a\u0000b', prompt: 'x\u0000y' })], { ...AUDIT, detail: { n: '\u0000' } })
    expect((await store.agents.find(scope, 'nul'))?.head.content).toEqual({ name: 'a\u0000b', prompt: 'x\u0000y' })
    expect(await store.audit.findBreak(scope)).toBeUndefined()
    const looked = await store.agents.find(scope, 'nul\u0000').catch((cause: { code?: string }) => cause.code)
    expect([undefined, 'malformed']).toContain(looked)
    const half = store.commit(scope, [create('half', { prompt: '\ud800' })], AUDIT)
    await expect(half).rejects.toMatchObject({ code: 'invalid_document' })
    expect(await store.agents.find(scope, 'half')).toBeUndefined()
  })
}
