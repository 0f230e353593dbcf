import {
  mkdtempSync,
  openSync,
  closeSync,
  writeSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  existsSync,
  readFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import { AgentId, SessionId } from '../../../core/contract/ids.ts'
import type { JournalEvent } from '../../../core/contract/session-events.ts'
import type { StoredSession } from '../../../core/store/calls.ts'
import { backUp, listBackups } from './backup.ts'
import { callStoreOn, studioStoreOn } from './stores-on.ts'
import { openDatabases } from './open-databases.ts'

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
const AGENTS = 60
const page = { deleted: false, limit: 500 }
const contentOf = (index: number) => ({ name: `Agent ${index}`, description: `kept ${'words '.repeat(200)}${index}` })

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'greenroom-recovery-'))))
afterEach(() => rmSync(dir, { recursive: true }))

async function fill(): Promise<void> {
  const databases = openDatabases(dir, Date.now)
  const store = studioStoreOn(databases.studio, Date.now)
  for (let index = 0; index < AGENTS; index += 1) {
    const agent_id = `agent-${index}`
    await store.commit(scope, [{ kind: 'agent.create', id: `id-${index}`, agent_id, content: { name: 'first' }, note: '' }], null)
    await store.commit(scope, [{ kind: 'agent.revise', agent_id, content: contentOf(index), based_on: 1, note: '' }], null)
  }
  databases.close()
}

async function readBack() {
  const databases = openDatabases(dir, Date.now)
  const store = studioStoreOn(databases.studio, Date.now)
  const { rows } = await store.agents.list(scope, page)
  const agents = await Promise.all(rows.map(({ agent_id }) => store.agents.find(scope, agent_id)))
  databases.close()
  return { agents: agents.filter((agent) => agent !== undefined), recoveries: databases.recoveries }
}

const backUpNow = async () => {
  const databases = openDatabases(dir, Date.now)
  const folder = await backUp({
    dir,
    databases: { 'studio.db': databases.studio, 'calls.db': databases.calls },
    clock: Date.now,
    signal: new AbortController().signal,
  })
  databases.close()
  return folder
}

/** The same numbers each time, so that a failure can be repeated. */
function sequence(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
}

/** `aim` moves a hit, say to where a page begins. */
function damage(file: string, random: () => number, aim = (at: number) => at): void {
  const handle = openSync(file, 'r+')
  const { size } = statSync(file)
  for (let hit = 0; hit < 4; hit += 1)
    writeSync(handle, Buffer.alloc(48, Math.floor(random() * 256)), 0, 48, aim(Math.floor(random() * (size - 48))))
  closeSync(handle)
}

const headOfPage = (at: number) => at - (at % 4096)

test('a sound folder opens without a word', async () => {
  await fill()
  const { agents, recoveries } = await readBack()
  expect(agents).toHaveLength(AGENTS)
  expect(recoveries).toEqual([])
})

test('whatever bytes are damaged, the database opens with every agent that the backup holds', async () => {
  await fill()
  await backUpNow()
  const good = readFileSync(join(dir, 'studio.db'))
  let recovered = 0
  for (let round = 0; round < 25; round += 1) {
    writeFileSync(join(dir, 'studio.db'), good)
    damage(join(dir, 'studio.db'), sequence(round + 1))
    const { agents, recoveries } = await readBack()
    recovered += recoveries.length
    const texts = agents.map(({ head }) => head.content['description'])
    expect(new Set(texts)).toEqual(new Set(Array.from({ length: AGENTS }, (_, index) => contentOf(index).description)))
    if (recoveries.length > 0) {
      expect(existsSync(join(recoveries[0]?.set_aside ?? '', 'report.txt'))).toBe(true)
    }
  }
  expect(recovered).toBeGreaterThan(10)
})

test('without a backup, what can be read is kept, what was found stays beside it, and the report says so', async () => {
  await fill()
  const file = join(dir, 'studio.db')
  truncateSync(file, Math.floor(statSync(file).size * 0.7))
  const { agents, recoveries } = await readBack()
  expect(agents.length).toBeGreaterThan(0)
  expect(recoveries).toMatchObject([{ file: 'studio.db' }])
  expect(recoveries[0]?.report).toMatch(/studio\.db was damaged/)
  expect(existsSync(join(recoveries[0]?.set_aside ?? '', 'studio.db'))).toBe(true)
  expect((await readBack()).recoveries).toEqual([])
})

test.each([
  ['an empty file is a new library', Buffer.alloc(0), 0],
  ['a file that is no database is set aside', Buffer.from('hello, this is not a database at all'.repeat(200)), AGENTS],
])('%s', async (_, bytes, expected) => {
  await fill()
  await backUpNow()
  writeFileSync(join(dir, 'studio.db'), bytes)
  expect((await readBack()).agents).toHaveLength(expected)
})

test('damaged calls open with what can be read of them, are listed, and can be added to', async () => {
  const session = (index: number): StoredSession => ({
    session_id: SessionId.parse(v7()),
    kind: 'direct',
    modality: 'text',
    agent_id: AgentId.parse('ada'),
    agent_name: 'Ada',
    revision: 1,
    state: 'starting',
    attempt: 1,
    started_at: index,
    turn_count: 0,
    preview: '',
    input: { variables: {}, script: [], seed: 1, what_if: {} },
  })
  const notice = (seq: number): JournalEvent => ({
    ...{ type: 'notice', level: 'info', text: 'words '.repeat(100) },
    ...{ attempt: 1, seq, at: seq, at_ms: seq },
  })
  const first = openDatabases(dir, Date.now)
  const sessions = Array.from({ length: 40 }, (_, index) => session(index))
  for (const one of sessions) {
    const { session_id } = one
    await callStoreOn(first.calls).commit(scope, [
      { kind: 'session.create', session: one },
      { kind: 'journal.append', session_id, events: Array.from({ length: 20 }, (_, index) => notice(index + 1)) },
    ])
  }
  first.close()
  const good = readFileSync(join(dir, 'calls.db'))
  let [recovered, listed, events] = [0, 0, 0]
  for (let round = 0; round < 10; round += 1) {
    writeFileSync(join(dir, 'calls.db'), good)
    damage(join(dir, 'calls.db'), sequence(round + 50), headOfPage)
    const databases = openDatabases(dir, Date.now)
    const calls = callStoreOn(databases.calls)
    recovered += databases.recoveries.length
    const { rows } = await calls.list(scope, { limit: 100 })
    listed += rows.length
    await calls.listUnended()
    for (const { session_id } of rows)
      events += (await calls.journal(scope, session_id, { attempt: 0, seq: 0 }, 100)).events.length
    await calls.commit(scope, [{ kind: 'session.create', session: session(1000) }])
    databases.close()
  }
  expect(recovered).toBeGreaterThan(7)
  expect(listed).toBeGreaterThan(300)
  expect(events).toBeGreaterThan(5000)
})

test('backups: whole or not at all, not twice within the hour, three are kept', async () => {
  await fill()
  const databases = openDatabases(dir, Date.now)
  let now = Date.now()
  const options = { dir, databases: { 'studio.db': databases.studio }, clock: () => now, signal: new AbortController().signal }
  expect(await backUp(options)).toBeDefined()
  expect(await backUp(options)).toBeUndefined()
  for (let hours = 2; hours < 8; hours += 1) {
    now = Date.now() + hours * 3_600_000
    await backUp(options)
  }
  expect(listBackups(dir, 'studio.db')).toHaveLength(3)
  now += 3_600_000
  await expect(backUp({ ...options, signal: AbortSignal.abort() })).rejects.toThrow()
  expect(listBackups(dir, 'studio.db')).toHaveLength(3)
  databases.close()
})
