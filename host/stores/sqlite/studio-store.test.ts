import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import type { Change } from '../../../core/store/store.ts'
import { openDatabases, type Databases } from './open-databases.ts'
import { studioStoreOn } from './stores-on.ts'

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
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
