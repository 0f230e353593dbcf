import { expect, test } from 'vitest'
import type { AgentListQuery } from '../../../core/store/agents.ts'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, newScope, walk } from './samples.ts'

const NAMES = ['Émile', 'emil', 'Zoë', 'ada', 'Ada', 'Ångström', 'bob', '', '日本', '💡 idea', 'a_b', 'a%b']

/** Pages, order, search and filters. */
export function agentListsContract({ stores }: UnderTest): void {
  test('cursors walk every agent once, by name without case and accents, while others come and go', async () => {
    const { store } = stores()
    const scope = newScope()
    await store.commit(
      scope,
      NAMES.map((name, index) => create(`a${index}`, { name })),
      null,
    )
    const list = (cursor: string | undefined, limit: number) => store.agents.list(scope, { deleted: false, limit, cursor })
    let step = 0
    const seen = await walk(async (cursor) => {
      const page = await list(cursor, 3)
      if (step++ === 0) await store.commit(scope, [create('late', { name: '' }), create('last', { name: '龍' })], null)
      return page
    })
    const ids = seen.map(({ agent_id }) => String(agent_id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(NAMES.map((_, index) => `a${index}`)))
    const sorted = ['ada', 'Ada', 'Ångström', 'bob', 'emil', 'Émile', 'Zoë']
    const byName = (await list(undefined, 50)).rows.map(({ name }) => name)
    expect(byName.filter((name) => sorted.includes(name))).toEqual(sorted)
  })

  test('search finds words in any order, without case and accents, and takes nothing for a pattern', async () => {
    const { store } = stores()
    const scope = newScope()
    const agents = [
      create('emile', { name: 'Émile Zola', description: 'writes', tags: ['novel'] }),
      create('percent', { name: '100% sure_thing\\' }),
      create('x', { name: 'other' }),
    ]
    await store.commit(scope, agents, null)
    const found = async (q: string) =>
      (await store.agents.list(scope, { deleted: false, limit: 10, q })).rows.map(({ agent_id }) => agent_id)
    expect(await found('zola EMILE')).toEqual(['emile'])
    expect(await found('novel writ')).toEqual(['emile'])
    expect(await found('%')).toEqual(['percent'])
    expect(await found('_')).toEqual(['percent'])
    expect(await found('\\')).toEqual(['percent'])
    for (const nothing of ["' or 1=1 --", '.*', '$where', '(', '[a-z]+']) expect(await found(nothing)).toEqual([])
    expect(await found('   ')).toHaveLength(3)
  })

  test('filters by type, state, tag, owner and deletion, alone and together, with their count', async () => {
    const { store } = stores()
    const scope = newScope()
    const agents = [
      create('a', { name: 'a', agent_type: 'support', tags: ['vip', 'x"y'] }, 'u1'),
      create('b', { name: 'b', agent_type: 'support', tags: ['VIP'] }, 'u2'),
      create('c', { name: 'c', agent_type: 'sales', tags: ['vip-plus'] }, 'u1'),
      create('d', { name: 'd' }),
    ]
    await store.commit(scope, agents, AUDIT)
    await store.commit(scope, [{ kind: 'agent.state', agent_id: 'b', enabled: false }], AUDIT)
    await store.commit(scope, [{ kind: 'agent.delete', agent_id: 'd' }], AUDIT)
    const found = async (query: Partial<AgentListQuery>) => {
      const { rows, count } = await store.agents.list(scope, { deleted: false, limit: 2, ...query })
      expect(count).toBeGreaterThanOrEqual(rows.length)
      return [rows.map(({ agent_id }) => agent_id).join(''), count]
    }
    expect(await found({})).toEqual(['ab', 3])
    expect(await found({ agent_type: 'support' })).toEqual(['ab', 2])
    expect(await found({ enabled: true })).toEqual(['ac', 2])
    expect(await found({ enabled: false })).toEqual(['b', 1])
    expect(await found({ tag: 'vip' })).toEqual(['a', 1])
    expect(await found({ tag: 'x"y' })).toEqual(['a', 1])
    expect(await found({ tag: 'vi' })).toEqual(['', 0])
    expect(await found({ owner_id: 'u1' })).toEqual(['ac', 2])
    expect(await found({ owner_id: 'u1', agent_type: 'sales', q: 'c' })).toEqual(['c', 1])
    expect(await found({ deleted: true })).toEqual(['d', 1])
  })

  test.each(['', 'x', 'W10', Buffer.from('["a",1]').toString('base64url'), '💥'])('the cursor %j is refused', async (cursor) => {
    const list = stores().store.agents.list(newScope(), { deleted: false, limit: 10, cursor })
    await expect(list).rejects.toMatchObject({ code: 'malformed' })
  })
}
