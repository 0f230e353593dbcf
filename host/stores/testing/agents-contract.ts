import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, newScope, newUser, outcomes, revise, walk } from './samples.ts'

/** One agent: what is written is read again, ids without case, compare and swap. */
export function agentsContract({ stores, second }: UnderTest): void {
  test('an agent comes back as it was written, by its name in any case and by its UUID', async () => {
    const { store } = stores()
    const scope = newScope()
    const content = {
      name: 'Zoë "the" 💡',
      description: 'line\nbreak',
      agent_type: 'support',
      tags: ['a', 'b"c'],
      schema_config: { fields: [{ field_name: 'x' }, { field_name: 'y' }] },
      z: [1, 2.5, null, { deep: { '': 'ü', 'a.b': 1, $c: 2 } }],
      a: false,
    }
    const id = v7()
    const written = { kind: 'agent.create', id, agent_id: 'Ada.One', content, note: 'first', owner_id: 'u1' } as const
    await store.commit(scope, [written], AUDIT)
    const agent = await store.agents.find(scope, 'ada.ONE')
    expect(agent?.summary).toMatchObject({
      ...{ id, agent_id: 'Ada.One', name: content.name, description: content.description, agent_type: 'support' },
      ...{ tags: content.tags, revision: 1, unpublished: true, unsaved: false, field_count: 2 },
      ...{ enabled: true, is_default: false, owner_id: 'u1', labels: {} },
    })
    expect(agent?.summary.version).toBeUndefined()
    expect(agent?.head).toMatchObject({ revision: 1, author: 'ana', note: 'first', content })
    expect(Object.keys(agent?.head.content ?? {})).toEqual(Object.keys(content))
    expect(await store.agents.findById(scope, id)).toEqual(agent)
    expect(await store.agents.findSummary(scope, 'ADA.one')).toEqual(agent?.summary)
    expect(await store.agents.findById(scope, v7())).toBeUndefined()
    expect(await store.agents.find(scope, 'ada')).toBeUndefined()
  })

  test('an id is taken whatever its case, also by a deleted agent, until that is purged', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(scope, [create('Bob')], AUDIT)
    await expect(store.commit(scope, [create('bOB')], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
    await store.commit(scope, [{ kind: 'agent.delete', agent_id: 'bob' }], AUDIT)
    await expect(store.commit(scope, [create('bob')], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
    expect([...(await store.agents.takenIds(scope, 'BO'))]).toEqual(['bob'])
    expect([...(await store.agents.takenIds(scope, 'bobb'))]).toEqual([])
    await store.commit(scope, [{ kind: 'agent.purge', agent_id: 'bob' }], AUDIT)
    expect(await store.agents.find(scope, 'bob')).toBeUndefined()
    await store.commit(scope, [create('bob', { name: 'new' })], AUDIT)
    expect((await store.agents.listRevisions(scope, 'bob', { limit: 9 })).rows).toHaveLength(1)
  })

  test('of many at once on the same head, one wins, whichever instance they come to', async () => {
    const scope = newScope()
    await stores().store.commit(scope, [create('one')], AUDIT)
    const all = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? stores() : second()).store.commit(scope, [revise('one', { name: `n${index}` }, 1)], AUDIT),
    )
    expect(await outcomes(all)).toEqual({ done: 1, codes: Array(9).fill('conflict') })
    expect((await second().store.agents.find(scope, 'one'))?.summary.revision).toBe(2)
    expect((await second().store.agents.listRevisions(scope, 'one', { limit: 9 })).count).toBe(2)
  })

  test('of many at once that make the same agent, one does', async () => {
    const scope = newScope()
    const all = Array.from({ length: 6 }, (_, index) =>
      (index % 2 === 0 ? stores() : second()).store.commit(scope, [create(index % 3 ? 'same' : 'SAME')], AUDIT),
    )
    expect(await outcomes(all)).toEqual({ done: 1, codes: Array(5).fill('conflict') })
  })

  test('revisions are found by number and listed newest first', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(scope, [create('one', { n: 1 })], AUDIT)
    for (let n = 2; n <= 5; n += 1) await store.commit(scope, [revise('ONE', { n }, n - 1)], AUDIT)
    const rows = await walk((cursor) => store.agents.listRevisions(scope, 'One', { limit: 2, cursor }))
    expect(rows.map(({ revision }) => revision)).toEqual([5, 4, 3, 2, 1])
    expect(await store.agents.findRevision(scope, 'one', 3)).toMatchObject({ agent_id: 'one', content: { n: 3 } })
    expect(await store.agents.findRevision(scope, 'one', 6)).toBeUndefined()
    await expect(store.commit(scope, [revise('one', {}, 3)], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
    await expect(store.commit(scope, [revise('none', {}, 1)], AUDIT)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a working copy is one window’s until it is dropped; its numbers never come again', async () => {
    const { store } = stores()
    const scope = newScope()
    const write = (edit: number, content = { draft: edit }) =>
      store.commit(scope, [{ kind: 'working_copy.write', agent_id: 'ONE', content, based_on: 1, edit, client_id: 'w' }], null)
    await store.commit(scope, [create('one')], AUDIT)
    await write(0)
    await expect(write(0)).rejects.toMatchObject({ code: 'conflict' })
    await write(1)
    expect((await store.agents.find(scope, 'one'))?.working_copy).toMatchObject({ edit: 2, content: { draft: 1 } })
    expect((await store.agents.findSummary(scope, 'one'))?.unsaved).toBe(true)
    await store.commit(scope, [{ kind: 'working_copy.drop', agent_id: 'one', edit: 1 }], null)
    expect((await store.agents.findSummary(scope, 'one'))?.unsaved).toBe(true)
    await store.commit(scope, [{ kind: 'working_copy.drop', agent_id: 'one', edit: 2 }], null)
    expect((await store.agents.find(scope, 'one'))?.working_copy).toBeUndefined()
    await write(0)
    expect((await store.agents.find(scope, 'one'))?.working_copy?.edit).toBe(3)
  })

  test('state lies beside the content: one default, deleted and back, purged for ever', async () => {
    const { store } = stores()
    const scope = newScope()
    const state = (agent_id: string, changes: { enabled?: boolean; is_default?: boolean }) =>
      store.commit(scope, [{ kind: 'agent.state', agent_id, ...changes }], AUDIT)
    await store.commit(scope, [create('one'), create('two'), { kind: 'user.save', user: newUser('u') }], AUDIT)
    await state('one', { enabled: false, is_default: true })
    await state('TWO', { is_default: true })
    const [one, two] = (await store.agents.list(scope, { deleted: false, limit: 9 })).rows
    expect([one, two]).toMatchObject([
      { enabled: false, is_default: false, revision: 1 },
      { enabled: true, is_default: true },
    ])
    await store.commit(scope, [{ kind: 'user.default_agent', user_id: 'u', agent_id: 'two' }], AUDIT)
    await store.commit(scope, [{ kind: 'agent.delete', agent_id: 'two' }], AUDIT)
    expect(await store.agents.findSummary(scope, 'two')).toMatchObject({ is_default: false, deleted_at: expect.any(Number) })
    expect((await store.directory.user(scope, 'u'))?.default_agent_id).toBeUndefined()
    await expect(state('two', { enabled: false })).rejects.toMatchObject({ code: 'not_found' })
    expect(await store.agents.listDeletedBefore(scope, Date.now() + 60_000)).toEqual(['two'])
    expect(await store.agents.listDeletedBefore(scope, 1)).toEqual([])
    await store.commit(scope, [{ kind: 'agent.undelete', agent_id: 'two' }], AUDIT)
    expect((await store.agents.findSummary(scope, 'two'))?.deleted_at).toBeUndefined()
  })
}
