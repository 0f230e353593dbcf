import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import type { Change } from '../../../core/store/store.ts'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, newScope } from './samples.ts'

const version = (number: string, name: string, created_at: number) => ({
  ...{ version: number, name: '', note: 'n', author: 'ben', created_at, content: { name } },
})
const bring = (content: { name: string }, based_on: number, versions: ReturnType<typeof version>[] = []): Change => ({
  ...{ kind: 'agent.import', id: v7(), agent_id: 'one', content, based_on, note: 'Imported', versions },
})

/** Agents that come with their history. */
export function importContract({ stores }: UnderTest): void {
  test('brings versions with their authors and times, and makes no revision twice', async () => {
    const { store } = stores()
    const scope = newScope()
    const versions = [version('1.1.0', 'second', 20), version('1.0.0', 'first', 10)]
    await store.commit(scope, [bring({ name: 'second' }, 0, versions)], AUDIT)
    const agent = await store.agents.find(scope, 'one')
    expect(agent?.summary).toMatchObject({ revision: 2, version: '1.1.0', unpublished: false, name: 'second' })
    expect(await store.versions.listWithContent(scope, 'one')).toMatchObject([
      { version: '1.1.0', revision: 2, author: 'ben', created_at: 20, content: { name: 'second' } },
      { version: '1.0.0', revision: 1, author: 'ben', created_at: 10, content: { name: 'first' } },
    ])
    await store.commit(scope, [bring({ name: 'second' }, 2, [version('1.0.0', 'first', 10)])], AUDIT)
    expect((await store.agents.find(scope, 'one'))?.summary.revision).toBe(2)
    await store.commit(scope, [bring({ name: 'third' }, 2, [])], AUDIT)
    expect((await store.agents.find(scope, 'one'))?.head).toMatchObject({ revision: 3, author: 'ana', note: 'Imported' })
  })

  test('is refused whole when a version is there with other content, or head has moved', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(scope, [bring({ name: 'first' }, 0, [version('1.0.0', 'first', 10)])], AUDIT)
    const clash = bring({ name: 'x' }, 1, [version('2.0.0', 'new', 30), version('1.0.0', 'lie', 10)])
    for (const change of [clash, bring({ name: 'x' }, 0), bring({ name: 'x' }, 5)])
      await expect(store.commit(scope, [change], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
    expect(await store.versions.list(scope, 'one')).toHaveLength(1)
    expect((await store.agents.find(scope, 'one'))?.summary.revision).toBe(1)
  })
}
