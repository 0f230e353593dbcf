import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import type { Change } from '../../../core/store/store.ts'
import { openDatabases, type Databases } from './open-databases.ts'
import { studioStoreOn } from './stores-on.ts'

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
const other = { ...scope, tenant_id: TenantId.parse('other') }
const create = (agent_id: string, name: string): Change => ({
  kind: 'agent.create',
  id: `id-${agent_id}`,
  agent_id,
  content: { name },
  note: '',
})
const audit = { action: 'test', subject: 'x', detail: {} }

let dir: string
let databases: Databases
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'greenroom-store-'))
  databases = openDatabases(dir, Date.now)
})
afterEach(() => {
  databases.close()
  rmSync(dir, { recursive: true })
})
const storeOf = () => studioStoreOn(databases.studio, Date.now)

test.skipIf(process.platform === 'win32')(
  'nobody else on the machine can read the databases, whatever the folder allows',
  async () => {
    await storeOf().commit(scope, [create('one', 'One')], audit)
    const modes = readdirSync(dir).map((name) => [name, (statSync(join(dir, name)).mode & 0o777).toString(8)])
    expect(new Set(modes.map(([, mode]) => mode))).toEqual(new Set(['600']))
  },
)

describe('lists', () => {
  test('cursors walk every agent once, by name, also while agents come and go', async () => {
    const store = storeOf()
    const names = ['Émile', 'emil', 'Zoë', 'ada', 'Ada', 'Ångström', 'bob', '', '日本', '💡 idea']
    await store.commit(
      scope,
      names.map((name, index) => create(`a${index}`, name)),
      null,
    )
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await store.agents.list(scope, { deleted: false, limit: 3, cursor })
      seen.push(...page.rows.map(({ agent_id }) => agent_id))
      cursor = page.next_cursor
    } while (cursor !== undefined)
    expect(seen).toHaveLength(names.length)
    expect(new Set(seen).size).toBe(names.length)
    const byName = (await store.agents.list(scope, { deleted: false, limit: 50 })).rows.map(({ name }) => name)
    expect(byName.slice(1, 7)).toEqual(['ada', 'Ada', 'Ångström', 'bob', 'emil', 'Émile'])
  })

  test('search finds words in any order, without case and accents, and takes nothing for a pattern', async () => {
    const store = storeOf()
    await store.commit(scope, [create('emile', 'Émile Zola'), create('percent', '100% sure_thing'), create('x', 'other')], null)
    const found = async (q: string) =>
      (await store.agents.list(scope, { deleted: false, limit: 10, q })).rows.map(({ agent_id }) => agent_id)
    expect(await found('zola EMILE')).toEqual(['emile'])
    expect(await found('%')).toEqual(['percent'])
    expect(await found('_')).toEqual(['percent'])
    expect(await found("' or 1=1 --")).toEqual([])
    expect(await found('   ')).toHaveLength(3)
  })

  test.each(['', 'x', 'W10', Buffer.from('["a",1]').toString('base64url'), '💥'])('the cursor %j is refused', async (cursor) => {
    await expect(storeOf().agents.list(scope, { deleted: false, limit: 10, cursor })).rejects.toMatchObject({ code: 'malformed' })
  })
})

describe('commit', () => {
  test('all of it or nothing', async () => {
    const store = storeOf()
    await expect(store.commit(scope, [create('one', 'One'), create('ONE', 'Again')], audit)).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await store.agents.find(scope, 'one')).toBeUndefined()
    expect(await store.audit.list(scope, 0, 10)).toEqual([])
    expect((await store.feed.since(scope, undefined, 10)).entries).toEqual([])
  })

  test('of two at once on the same head, one wins and the other is told', async () => {
    const store = storeOf()
    await store.commit(scope, [create('one', 'One')], audit)
    const revise = (name: string): Change => ({ kind: 'agent.revise', agent_id: 'one', content: { name }, based_on: 1, note: '' })
    const results = await Promise.allSettled([
      store.commit(scope, [revise('a')], audit),
      store.commit(scope, [revise('b')], audit),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await store.agents.find(scope, 'one'))?.summary.revision).toBe(2)
  })

  test('a tenant sees and changes its own alone', async () => {
    const store = storeOf()
    await store.commit(scope, [create('one', 'One')], audit)
    expect(await store.agents.find(other, 'one')).toBeUndefined()
    expect((await store.agents.list(other, { deleted: false, limit: 10 })).count).toBe(0)
    await expect(store.commit(other, [{ kind: 'agent.state', agent_id: 'one', enabled: false }], audit)).rejects.toMatchObject({
      code: 'not_found',
    })
    await store.commit(other, [{ ...create('one', 'Theirs'), id: 'id-2' } as Change], audit)
    expect((await store.agents.find(scope, 'one'))?.summary.name).toBe('One')
    expect((await store.audit.list(other, 0, 10)).map(({ seq }) => seq)).toEqual([1])
  })
})

test('a full disk is told in plain words, nothing is half saved, and saving goes on once there is room', async () => {
  const store = storeOf()
  const large: Change = { kind: 'agent.create', id: 'id', agent_id: 'large', content: { text: 'x'.repeat(3_000_000) }, note: '' }
  databases.studio.pragma(`max_page_count = ${Number(databases.studio.pragma('page_count', { simple: true })) + 50}`)
  await expect(store.commit(scope, [large], audit)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/disk is full/),
  })
  expect(await store.agents.find(scope, 'large')).toBeUndefined()
  databases.studio.pragma('max_page_count = 1000000')
  await store.commit(scope, [large], audit)
  expect((await store.agents.find(scope, 'large'))?.summary.revision).toBe(1)
})

test('the audit chain shows where it was changed', async () => {
  const store = storeOf()
  for (let index = 0; index < 5; index += 1)
    await store.commit(scope, [], { action: 'test', subject: `${index}`, detail: { index } })
  expect(await store.audit.findBreak(scope)).toBeUndefined()
  databases.studio.prepare("update audit set subject = 'other' where seq = 3").run()
  expect(await store.audit.findBreak(scope)).toBe(3)
  databases.studio.prepare('delete from audit where seq = 2').run()
  expect(await store.audit.findBreak(scope)).toBe(3)
})

test('the feed gives what was committed since a token, also after a restart', async () => {
  const { token } = await storeOf().feed.since(scope, undefined, 10)
  await storeOf().commit(scope, [create('one', 'One'), { kind: 'setting.set', values: { theme: 'dark' } }], audit)
  await storeOf().commit(
    scope,
    [{ kind: 'working_copy.write', agent_id: 'one', content: {}, based_on: 1, edit: 0, client_id: 'w' }],
    null,
  )
  databases.close()
  databases = openDatabases(dir, Date.now)
  const page = await storeOf().feed.since(scope, token, 1)
  expect(page.entries).toMatchObject([{ kind: 'agent.create', subject: 'one' }])
  const rest = await storeOf().feed.since(scope, page.token, 10)
  expect(rest.entries).toMatchObject([{ kind: 'setting.set', subject: 'settings' }])
  expect(await storeOf().feed.since(scope, rest.token, 10)).toEqual({ entries: [], token: rest.token })
  await expect(storeOf().feed.since(scope, 'nonsense', 10)).rejects.toMatchObject({ code: 'malformed' })
})

describe('import', () => {
  const version = (number: string, name: string, created_at: number) => ({
    version: number,
    name: '',
    note: 'n',
    author: 'ana',
    created_at,
    content: { name },
  })
  const bring = (content: { name: string }, based_on: number, versions: ReturnType<typeof version>[] = []): Change => ({
    kind: 'agent.import',
    ...{ id: 'id', agent_id: 'one', content, based_on, note: 'Imported', versions },
  })

  test('brings versions with their authors and times, and makes no revision twice', async () => {
    const store = storeOf()
    await store.commit(
      scope,
      [bring({ name: 'second' }, 0, [version('1.1.0', 'second', 20), version('1.0.0', 'first', 10)])],
      audit,
    )
    const agent = await store.agents.find(scope, 'one')
    expect(agent?.summary).toMatchObject({ revision: 2, version: '1.1.0', unpublished: false, name: 'second' })
    expect(await store.versions.listWithContent(scope, 'one')).toMatchObject([
      { version: '1.1.0', revision: 2, author: 'ana', created_at: 20, content: { name: 'second' } },
      { version: '1.0.0', revision: 1, author: 'ana', created_at: 10, content: { name: 'first' } },
    ])
    await store.commit(scope, [bring({ name: 'second' }, 2, [version('1.0.0', 'first', 10)])], audit)
    expect((await store.agents.find(scope, 'one'))?.summary.revision).toBe(2)
  })

  test('is refused whole when a version is there with other content, or head has moved', async () => {
    const store = storeOf()
    await store.commit(scope, [bring({ name: 'first' }, 0, [version('1.0.0', 'first', 10)])], audit)
    const clash = store.commit(
      scope,
      [bring({ name: 'x' }, 1, [version('2.0.0', 'new', 30), version('1.0.0', 'lie', 10)])],
      audit,
    )
    await expect(clash).rejects.toMatchObject({ code: 'conflict' })
    await expect(store.commit(scope, [bring({ name: 'x' }, 0)], audit)).rejects.toMatchObject({ code: 'conflict' })
    await expect(store.commit(scope, [bring({ name: 'x' }, 5)], audit)).rejects.toMatchObject({ code: 'conflict' })
    expect(await store.versions.list(scope, 'one')).toHaveLength(1)
    expect((await store.agents.find(scope, 'one'))?.summary.revision).toBe(1)
  })
})

test('5,000 agents: every page and search reads the index, not the documents', async () => {
  const store = storeOf()
  const content = (index: number) => ({ name: `Agent ${index}`, prompt_config: { instructions: 'x'.repeat(2000) } })
  await store.commit(
    scope,
    Array.from({ length: 5000 }, (_, index): Change => ({ ...create(`agent-${index}`, ''), content: content(index) }) as Change),
    null,
  )
  const first = await store.agents.list(scope, { deleted: false, limit: 100 })
  expect([first.count, first.rows.length]).toEqual([5000, 100])
  expect((await store.agents.list(scope, { deleted: false, limit: 100, q: 'agent 4999' })).rows).toHaveLength(1)
  const plan = databases.studio
    .prepare(
      "explain query plan select * from agent where tenant_id = 'local' and deleted_at is null order by name_key, agent_id limit 101",
    )
    .all()
  expect(JSON.stringify(plan)).toMatch(/USING INDEX agent_by_name/)
  expect(JSON.stringify(plan)).not.toMatch(/TEMP B-TREE/)
})
