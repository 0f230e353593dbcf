import { expect, test } from 'vitest'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, label, newScope, outcomes, publish, revise } from './samples.ts'

/** Versions, labels, and what workers serve. */
export function versionsContract({ stores, second }: UnderTest): void {
  test('publishing makes an immutable version of head, once', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(scope, [create('one', { n: 1 })], AUDIT)
    await store.commit(scope, [{ ...publish('ONE', '1.0.0', 1), name: 'First', note: 'n' } as never], AUDIT)
    expect(await store.agents.findSummary(scope, 'one')).toMatchObject({ version: '1.0.0', unpublished: false })
    await store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT)
    expect(await store.agents.findSummary(scope, 'one')).toMatchObject({ version: '1.0.0', unpublished: true })
    await expect(store.commit(scope, [publish('one', '1.0.0', 2)], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
    await expect(store.commit(scope, [publish('one', '1.1.0', 1)], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
    await store.commit(scope, [publish('one', '1.1.0', 2)], AUDIT)
    const found = await store.versions.list(scope, 'one')
    expect(found).toMatchObject([
      { agent_id: 'one', version: '1.1.0', revision: 2 },
      { version: '1.0.0', revision: 1, name: 'First', note: 'n', author: 'ana' },
    ])
    expect(await store.versions.find(scope, 'One', '1.0.0')).toEqual(found[1])
    expect(await store.versions.findWithContent(scope, 'one', '1.0.0')).toEqual({ ...found[1], content: { n: 1 } })
    expect((await store.versions.listWithContent(scope, 'one')).map(({ content }) => content)).toEqual([{ n: 2 }, { n: 1 }])
    expect(await store.versions.find(scope, 'one', '9.9.9')).toBeUndefined()
    expect(await store.versions.findWithContent(scope, 'one', '9.9.9')).toBeUndefined()
  })

  test('of many at once that publish the same version, one does', async () => {
    const scope = newScope()
    await stores().store.commit(scope, [create('one')], AUDIT)
    const all = Array.from({ length: 6 }, (_, index) =>
      (index % 2 === 0 ? stores() : second()).store.commit(scope, [publish('one', '1.0.0', 1)], AUDIT),
    )
    expect(await outcomes(all)).toEqual({ done: 1, codes: Array(5).fill('conflict') })
  })

  test('labels point at versions that are there, and go', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(scope, [create('one'), publish('one', '1.0.0', 1), label('ONE', 'staging', '1.0.0')], AUDIT)
    expect((await store.agents.findSummary(scope, 'one'))?.labels).toEqual({ staging: '1.0.0' })
    const missing = store.commit(scope, [label('one', 'staging', '2.0.0')], AUDIT)
    await expect(missing).rejects.toMatchObject({ code: 'not_found' })
    await store.commit(scope, [label('one', 'staging', null)], AUDIT)
    expect((await store.agents.findSummary(scope, 'one'))?.labels).toEqual({})
  })

  test('workers serve head until `production` is set, then that version, and head again after a write that says so', async () => {
    const { store } = stores()
    const scope = newScope()
    const served = () => store.agents.served(scope, 'ONE')
    await store.commit(scope, [create('one', { n: 1 })], AUDIT)
    expect(await served()).toEqual({ agent_id: 'one', revision: 1, content: { n: 1 }, enabled: true })
    await store.commit(scope, [publish('one', '1.0.0', 1), label('one', 'production', '1.0.0')], AUDIT)
    await store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT)
    expect(await served()).toEqual({ agent_id: 'one', revision: 1, version: '1.0.0', content: { n: 1 }, enabled: true })
    await store.commit(scope, [revise('one', { n: 3 }, 2), { kind: 'agent.serve_head', agent_id: 'one' }], AUDIT)
    expect(await served()).toMatchObject({ revision: 3, content: { n: 3 } })
    expect(await served()).not.toHaveProperty('version')
    await store.commit(scope, [label('one', 'staging', '1.0.0')], AUDIT)
    expect(await served()).toMatchObject({ revision: 3 })
    await store.commit(scope, [label('one', 'production', '1.0.0')], AUDIT)
    expect(await served()).toMatchObject({ revision: 1, version: '1.0.0' })
    await store.commit(scope, [label('one', 'production', null), { kind: 'agent.state', agent_id: 'one', enabled: false }], AUDIT)
    expect(await served()).toMatchObject({ revision: 3, enabled: false })
    await store.commit(scope, [{ kind: 'agent.delete', agent_id: 'one' }], AUDIT)
    expect(await served()).toBeUndefined()
    expect(await store.agents.served(scope, 'none')).toBeUndefined()
  })
}
