import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { blankAgent } from '../../core/agent/blank-agent.ts'
import { AgentId } from '../../core/contract/ids.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { samplesFolder } from './read-samples.ts'
import { startTestHost, type TestHost } from '../testing/start-test-host.ts'

const ada = AgentId.parse('ada')
const content: DocumentJson = DocumentJson.parse(blankAgent(ada, 'Ada'))
const withText = (description: string): DocumentJson => ({ ...content, description })

let studio: TestHost
beforeEach(async () => {
  studio = await startTestHost()
  await studio.call('agent.create', { source: { kind: 'document', content }, agent_id: 'ada' })
})
afterEach(() => studio.close())

describe('a key pasted into an agent', () => {
  const key = 'sk-proj-abcdefghijklmnopqrstuvwx123456'
  const tools = [{ type: 'of_a_later_version', headers: { 'X-Api-Key': 'q8Zt2LmPvR' } }]
  const pasted: DocumentJson = { ...withText(`Call with ${key}, please`), tools }
  const onDisk = () =>
    readdirSync(studio.dir)
      .filter((name) => name.startsWith('studio.db'))
      .map((name) => readFileSync(join(studio.dir, name), 'latin1'))
      .join('')

  test('is cut out of what is kept while typing, and the rest is kept', async () => {
    await studio.call('agent.edit', { agent_id: 'ada', content: pasted, based_on: 1, edit: 0, client_id: 'w1' })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).working_copy?.content).toEqual({
      ...content,
      description: 'Call with [key removed], please',
      tools: [{ type: 'of_a_later_version', headers: { 'X-Api-Key': '[key removed]' } }],
    })
    for (const text of [onDisk(), JSON.stringify(studio.events)]) expect(text).not.toMatch(/sk-proj-abc|q8Zt2LmPvR/)
  })

  test('is neither saved nor created, and the reason names the place and not the key', async () => {
    const replies = [
      await studio.dispatch('agent.save', { agent_id: 'ada', content: pasted, based_on: 1 }),
      await studio.dispatch('agent.create', { source: { kind: 'document', content: pasted }, agent_id: 'eve' }),
      await studio.dispatch('agent.rename', { agent_id: 'ada', name: key }),
    ]
    for (const reply of replies) expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_document' } })
    const problems = (await studio.call('agent.validate', { content: pasted })).problems
    expect(problems.map(({ path }) => path)).toEqual(['/description', '/tools/0/headers/X-Api-Key'])
    for (const text of [onDisk(), JSON.stringify([replies, problems])]) expect(text).not.toMatch(/sk-proj-abc|q8Zt2LmPvR/)
  })
})

describe('save', () => {
  test('a stale save is refused and nothing is announced', async () => {
    await studio.call('agent.save', { agent_id: 'ada', content: withText('one'), based_on: 1 })
    const announced = studio.events.length
    const reply = await studio.dispatch('agent.save', { agent_id: 'ada', content: withText('two'), based_on: 1 })
    expect(reply).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(studio.events).toHaveLength(announced)
    expect((await studio.call('agent.get', { agent_id: 'ada' })).head).toMatchObject({
      revision: 2,
      content: { description: 'one' },
    })
  })

  test('the same save again, after a lost reply, makes no second revision', async () => {
    const save = { agent_id: 'ada', content: withText('one'), based_on: 1 } as const
    const first = await studio.call('agent.save', save)
    expect(await studio.call('agent.save', save)).toEqual(first)
    expect((await studio.call('agent.revisions', { agent_id: 'ada' })).count).toBe(2)
  })

  test('an invalid document is refused with every problem at its place, and what was typed is kept', async () => {
    const broken = { ...content, name: '', schema_config: { fields: [{ field_name: 'a b', field_type: 'str' }] } }
    await studio.call('agent.edit', { agent_id: 'ada', content: broken, based_on: 1, edit: 0, client_id: 'w1' })
    const reply = await studio.dispatch('agent.save', { agent_id: 'ada', content: broken, based_on: 1 })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_document' } })
    const paths = reply.ok ? [] : reply.error.problems.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['/name', '/schema_config/fields/0/field_name']))
    expect((await studio.call('agent.get', { agent_id: 'ada' })).working_copy?.content).toEqual(broken)
  })

  test('state that comes in a document is not content', async () => {
    const { content: saved } = await studio.call('agent.save', {
      agent_id: 'ada',
      content: { ...withText('x'), version: '9.9.9', enabled: false, is_default: true, tenant_config: {}, my_key: 1 },
      based_on: 1,
    })
    expect(Object.keys(saved)).not.toEqual(expect.arrayContaining(['version']))
    expect(saved).toMatchObject({ my_key: 1 })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).summary).toMatchObject({ enabled: true, is_default: false })
  })

  test('an agent keeps its id', async () => {
    const reply = await studio.dispatch('agent.save', { agent_id: 'ada', content: { ...content, agent_id: 'bob' }, based_on: 1 })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_document', problems: [{ path: '/agent_id' }] } })
  })
})

describe('the working copy', () => {
  const typed = (description: string, edit: number, client_id: string) =>
    studio.dispatch('agent.edit', { agent_id: 'ada', content: withText(description), based_on: 1, edit, client_id })

  test('a second window is told, and cannot overwrite what it has not seen', async () => {
    expect(await typed('from one', 0, 'w1')).toMatchObject({ ok: true, value: { edit: 1 } })
    expect(studio.events.at(-1)).toMatchObject({ type: 'agent.edited', working_copy: { client_id: 'w1', edit: 1 } })
    expect(await typed('from two', 0, 'w2')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await typed('from two, knowing', 1, 'w2')).toMatchObject({ ok: true, value: { edit: 2 } })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).working_copy?.content).toMatchObject({
      description: 'from two, knowing',
    })
  })

  test('its number is never used again, so a late window notices', async () => {
    await typed('one', 0, 'w1')
    await studio.call('agent.discard', { agent_id: 'ada' })
    expect(await typed('late', 1, 'w2')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await typed('again', 0, 'w1')).toMatchObject({ ok: true, value: { edit: 2 } })
  })

  test('saving drops the copy that was saved, and keeps one that another window wrote since', async () => {
    await typed('one', 0, 'w1')
    await typed('two', 1, 'w2')
    await studio.call('agent.save', { agent_id: 'ada', content: withText('one'), based_on: 1, edit: 1 })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).working_copy).toMatchObject({ client_id: 'w2', based_on: 1 })
    await studio.call('agent.save', { agent_id: 'ada', content: withText('two'), based_on: 2, edit: 2 })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).working_copy).toBeUndefined()
  })

  test('survives a restart', async () => {
    await typed('half a thou', 0, 'w1')
    studio = await studio.restart()
    const { summary, working_copy } = await studio.call('agent.get', { agent_id: 'ada' })
    expect(summary.unsaved).toBe(true)
    expect(working_copy?.content).toMatchObject({ description: 'half a thou' })
  })

  test('renaming changes head and the working copy, which goes on from the new head', async () => {
    await typed('half', 0, 'w1')
    const { summary, head, working_copy } = await studio.call('agent.rename', { agent_id: 'ada', name: 'Ada Lovelace' })
    expect(summary.name).toBe('Ada Lovelace')
    expect(head).toMatchObject({ revision: 2, content: { name: 'Ada Lovelace', description: '' } })
    expect(working_copy).toMatchObject({ based_on: 2, content: { name: 'Ada Lovelace', description: 'half' } })
  })
})

describe('versions', () => {
  const publish = (version: string, revision: number, serve = true) =>
    studio.dispatch('agent.publish', { agent_id: 'ada', version, revision, note: 'n', serve })

  test('publishing freezes head, moves production, and knows what has changed since', async () => {
    expect(await publish('1.0.0', 1)).toMatchObject({ ok: true, value: { version: '1.0.0', revision: 1 } })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).summary).toMatchObject({
      unpublished: false,
      labels: { production: '1.0.0' },
    })
    await studio.call('agent.save', { agent_id: 'ada', content: withText('next'), based_on: 1 })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).summary).toMatchObject({ version: '1.0.0', unpublished: true })
    expect(await publish('1.0.0', 2)).toMatchObject({ ok: false, error: { code: 'conflict', problems: [{ path: '/version' }] } })
    expect(await publish('1.1.0', 1)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await publish('not a version', 2)).toMatchObject({ ok: false, error: { code: 'malformed' } })
    expect(await publish('1.1.0', 2)).toMatchObject({ ok: true })
    expect((await studio.call('agent.versions', { agent_id: 'ada' })).versions.map(({ version }) => version)).toEqual([
      '1.1.0',
      '1.0.0',
    ])
    expect(await publish('1.2.0', 2, false)).toMatchObject({ ok: true })
    expect((await studio.call('agent.get', { agent_id: 'ada' })).summary).toMatchObject({
      version: '1.2.0',
      labels: { production: '1.1.0' },
    })
  })

  test('labels point at versions that exist, and can be moved back and removed', async () => {
    await publish('1.0.0', 1)
    const label = (name: string, version: string | null) =>
      studio.dispatch('agent.label', { agent_id: 'ada', label: name, version })
    expect(await label('staging', '2.0.0')).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(await label('staging', '1.0.0')).toMatchObject({
      ok: true,
      value: { labels: { staging: '1.0.0', production: '1.0.0' } },
    })
    expect(await label('production', null)).toMatchObject({ ok: true, value: { labels: { staging: '1.0.0' } } })
    expect(await studio.call('agent.labels', { agent_id: 'ADA' })).toEqual({ agent_id: 'ada', labels: { staging: '1.0.0' } })
  })

  test('restoring makes a new head, and is refused while typing would be lost', async () => {
    await studio.call('agent.save', { agent_id: 'ada', content: withText('second'), based_on: 1 })
    await studio.call('agent.edit', { agent_id: 'ada', content: withText('typed'), based_on: 2, edit: 0, client_id: 'w1' })
    const restore = { agent_id: 'ada', revision: 1, based_on: 2 }
    expect(await studio.dispatch('agent.restore', restore)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    await studio.call('agent.discard', { agent_id: 'ada' })
    expect(await studio.call('agent.restore', restore)).toMatchObject({
      revision: 3,
      content: { description: '' },
      note: 'Restored revision 1',
    })
    expect(await studio.dispatch('agent.restore', { ...restore, revision: 9, based_on: 3 })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    })
  })
})

describe('life of an agent', () => {
  test('ids are unique ignoring case; a name that is taken gets a suffix', async () => {
    const taken = await studio.dispatch('agent.create', { source: { kind: 'blank' }, agent_id: 'ADA' })
    expect(taken).toMatchObject({ ok: false, error: { code: 'conflict' } })
    const named = await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Ada' })
    const copy = await studio.call('agent.create', { source: { kind: 'duplicate', agent_id: 'Ada' } })
    expect([named.summary.agent_id, copy.summary.agent_id, copy.summary.name]).toEqual(['ada-2', 'copy-of-ada', 'Copy of Ada'])
    expect((await studio.call('agent.create', { source: { kind: 'blank' }, name: 'groq agent' })).summary.agent_id).toBe(
      'groq-agent',
    )
  })

  test('deleted is recoverable, keeps its id, and is gone for good after 30 days', async () => {
    await studio.close()
    let now = Date.parse('2026-01-01')
    studio = await startTestHost({ clock: () => now })
    await studio.call('agent.create', { source: { kind: 'document', content }, agent_id: 'ada' })
    await studio.call('agent.delete', { agent_id: 'ada' })
    await studio.call('agent.delete', { agent_id: 'ada' })
    expect((await studio.call('agent.list', {})).count).toBe(0)
    expect((await studio.call('agent.list', { deleted: true })).agents).toMatchObject([{ agent_id: 'ada' }])
    expect(await studio.dispatch('agent.save', { agent_id: 'ada', content: withText('x'), based_on: 1 })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    })
    expect(await studio.call('agent.undelete', { agent_id: 'ada' })).toMatchObject({ agent_id: 'ada' })
    await studio.call('agent.delete', { agent_id: 'ada' })
    now += 29 * 24 * 3_600_000
    studio = await studio.restart()
    expect((await studio.call('agent.list', { deleted: true })).count).toBe(1)
    now += 2 * 24 * 3_600_000
    studio = await studio.restart()
    expect((await studio.call('agent.list', { deleted: true })).count).toBe(0)
    await studio.call('agent.create', { source: { kind: 'document', content }, agent_id: 'ada' })
  })

  test('one agent at most is the default', async () => {
    await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Bob' })
    await studio.call('agent.set_state', { agent_id: 'ada', is_default: true })
    await studio.call('agent.set_state', { agent_id: 'bob', is_default: true, enabled: false })
    const { agents } = await studio.call('agent.list', {})
    expect(agents.map(({ agent_id, is_default, enabled }) => [agent_id, is_default, enabled])).toEqual([
      ['ada', false, true],
      ['bob', true, false],
    ])
    expect(agents.every(({ revision }) => revision === 1)).toBe(true)
  })

  test('a document of a newer format opens read-only', async () => {
    const newer = { ...content, format: 99, agent_id: 'future', name: 'From the future', prompt_config: 'unknown shape' }
    const { read_only, summary } = await studio.call('agent.create', { source: { kind: 'document', content: newer } })
    expect({ read_only, name: summary.name }).toEqual({ read_only: true, name: 'From the future' })
    for (const reply of [
      await studio.dispatch('agent.save', { agent_id: 'future', content: newer, based_on: 1 }),
      await studio.dispatch('agent.rename', { agent_id: 'future', name: 'x' }),
      await studio.dispatch('agent.create', { source: { kind: 'duplicate', agent_id: 'future' } }),
    ])
      expect(reply).toMatchObject({ ok: false, error: { code: 'unsupported' } })
  })

  test('validation tells problems from advice', async () => {
    const { problems, warnings } = await studio.call('agent.validate', {
      content: { ...content, prompt_config: { instructions: 'Hello {{ nobody.knows }}' } },
    })
    expect(problems).toEqual([])
    expect(warnings.length).toBeGreaterThan(0)
    expect((await studio.call('agent.validate', { content: {} })).problems.length).toBeGreaterThan(0)
  })
})

test('the samples are there at the first start of an empty folder, and not again', async () => {
  await studio.close()
  studio = await startTestHost({ samples_dir: samplesFolder() })
  const { agents } = await studio.call('agent.list', {})
  const { samples } = await studio.call('agent.samples', {})
  expect(agents).toHaveLength(4)
  expect(agents.map(({ agent_id }) => agent_id).sort()).toEqual(samples.map(({ sample_id }) => sample_id).sort())
  for (const { agent_id } of agents) await studio.call('agent.delete', { agent_id })
  studio = await studio.restart()
  expect((await studio.call('agent.list', {})).count).toBe(0)
})
