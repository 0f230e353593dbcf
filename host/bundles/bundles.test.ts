import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { afterEach, describe, expect, test } from 'vitest'
import { LOCAL_TENANT, LOCAL_USER, type Caller } from '../../core/contract/caller.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { bundleOperations } from '../../core/contract/bundles.ts'
import { openDatabases } from '../stores/sqlite/open-databases.ts'
import { studioStoreOn } from '../stores/sqlite/stores-on.ts'
import { bundleHandlers } from './bundle-handlers.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0).reverse()) clean()
})

const page: Caller = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'admin', via: 'page' }
const cli: Caller = { ...page, via: 'cli' }
const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }

const ada: DocumentJson = {
  format: 1,
  agent_id: 'ada',
  name: 'Ada',
  description: '',
  agent_type: 'custom',
  tags: ['a'],
  prompt_config: { instructions: 'You are Ada.\nSay "ü" — often.\n', dynamic_vars: {} },
  schema_config: {
    spoken_field: 'system_response',
    fields: [
      {
        field_name: 'system_response',
        field_type: 'str',
        description: 'said',
        required: true,
        constraints: {},
        metadata: { 'x-b': 1, 'x-a': [2] },
      },
    ],
  },
  llm_config: { provider: 'openai-compatible', model: 'm', api_key: 'secret:openai' },
  x_unknown: { z: 1, a: { deep: [null, true] } },
}
const idOf = ({ agent_id }: DocumentJson): string => (typeof agent_id === 'string' ? agent_id : '')
const withPrompt = (instructions: string): DocumentJson => ({ ...ada, prompt_config: { instructions, dynamic_vars: {} } })

function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom bundles ü-'))
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

function startStudio() {
  const dir = temporaryFolder()
  let now = 1_700_000_000_000
  const clock = () => now
  const databases = openDatabases(dir, clock)
  cleanups.push(() => databases.close())
  const store = studioStoreOn(databases.studio, clock)
  const events: StudioEvent[] = []
  const downloads: Uint8Array[] = []
  const files = {
    takeUpload: async (id: string) => readFileSync(id),
    readGrant: (grant: string) => grant,
    writeGrant: (grant: string) => grant,
    offerDownload: ({ bytes }: { bytes: Uint8Array }) => `/files/download/${downloads.push(bytes)}`,
  }
  const handlers = bundleHandlers({ store, emit: (event) => void events.push(event), files, version: '0.0.1', now: clock })
  const context = (caller: Caller) => ({ caller, signal: new AbortController().signal, progress: () => undefined })
  return {
    dir,
    store,
    events,
    downloads,
    wait: (ms: number) => (now += ms),
    run: <Name extends keyof typeof handlers>(name: Name, input: unknown, caller = cli) => {
      const handler = handlers[name] as (input: unknown, context: unknown) => ReturnType<(typeof handlers)[Name]>
      return handler(bundleOperations[name].input.parse(input), context(caller))
    },
    create: (content: DocumentJson) =>
      store.commit(scope, [{ kind: 'agent.create', id: v7(), agent_id: idOf(content), content, note: '' }], null),
    revise: (content: DocumentJson, based_on: number) =>
      store.commit(scope, [{ kind: 'agent.revise', agent_id: idOf(content), content, based_on, note: '' }], null),
    publish: (version: string, revision: number) =>
      store.commit(
        scope,
        [{ kind: 'version.publish', agent_id: 'ada', version, revision, name: `v${version}`, note: 'first\n"words"' }],
        null,
      ),
  }
}
type Studio = ReturnType<typeof startStudio>

async function exported(studio: Studio, path: string, versions: 'all' | string[] = 'all'): Promise<Buffer> {
  await studio.run('bundle.export', { agent_id: 'ada', versions, to: { kind: 'path', path, form: 'bundle' } })
  return readFileSync(path)
}

async function imported(studio: Studio, path: string, agent_id?: string) {
  const preview = await studio.run('bundle.preview', { from: { kind: 'path', path }, agent_id })
  return { preview, applied: await studio.run('bundle.apply', { import_id: preview.import_id }) }
}

async function adaWithVersions(): Promise<Studio> {
  const studio = startStudio()
  await studio.create(withPrompt('one'))
  await studio.publish('1.0.0', 1)
  studio.wait(1000)
  await studio.revise(withPrompt('two'), 1)
  await studio.publish('1.1.0', 2)
  studio.wait(1000)
  await studio.revise(ada, 2)
  return studio
}

async function failure(promise: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await promise
    return { code: 'none', text: '' }
  } catch (cause) {
    if (!(cause instanceof StudioError)) throw cause
    return { code: cause.code, text: `${cause.message} ${JSON.stringify(cause.problems)}` }
  }
}

describe('export', () => {
  test('→ import into an empty library → export is byte-identical, versions, authors and times included', async () => {
    const here = await adaWithVersions()
    const there = startStudio()
    there.wait(99_999)
    const first = await exported(here, join(here.dir, 'a.greenroom'))
    const { preview } = await imported(there, join(here.dir, 'a.greenroom'))
    expect(preview).toMatchObject({
      effect: 'create',
      agent_id: 'ada',
      secret_references: ['secret:openai'],
      versions: [
        { version: '1.0.0', effect: 'create' },
        { version: '1.1.0', effect: 'create' },
      ],
    })
    expect(await exported(there, join(there.dir, 'b.greenroom'))).toEqual(first)
    expect((await there.store.agents.find(scope, 'ada'))?.head.content).toEqual(ada)
    expect(there.events).toMatchObject([{ type: 'agent.changed', agent: { agent_id: 'ada' } }])
  })

  test('as a folder is the same agent, and leaves other files alone', async () => {
    const [here, there, folder] = [await adaWithVersions(), startStudio(), join(temporaryFolder(), 'agents', 'ada')]
    const to = { kind: 'path', path: folder, form: 'folder' }
    await here.run('bundle.export', { agent_id: 'ada', versions: ['1.0.0'], to })
    mkdirSync(join(folder, 'tests'))
    writeFileSync(join(folder, 'tests', 'greets.yaml'), 'x')
    await here.run('bundle.export', { agent_id: 'ada', versions: ['1.0.0'], to })
    expect(readdirSync(folder).sort()).toEqual(['agent.json', 'prompt.md', 'tests', 'versions'])
    expect(readFileSync(join(folder, 'prompt.md'), 'utf8')).toBe('You are Ada.\nSay "ü" — often.\n\n')
    expect((await imported(there, folder)).applied).toEqual({ agent_id: 'ada', effect: 'create' })
    expect(await exported(there, join(there.dir, 'b'), ['1.0.0'])).toEqual(await exported(here, join(here.dir, 'a'), ['1.0.0']))
  })

  test('says before what it holds: files, references, nothing of the values', async () => {
    const studio = await adaWithVersions()
    const found = await studio.run('bundle.inspect', { agent_id: 'ada', versions: ['1.1.0'] }, page)
    expect(found).toMatchObject({ file_name: 'ada.greenroom', secret_references: ['secret:openai'], problems: [] })
    expect(found.files.map(({ path }) => path)).toEqual([
      'manifest.json',
      'agent.json',
      'prompt.md',
      'versions/1.1.0/agent.json',
      'versions/1.1.0/prompt.md',
      'versions/1.1.0/version.json',
    ])
  })

  test('with a key in it is refused and says where, without repeating the key', async () => {
    const studio = startStudio()
    const key = 'sk-proj-abcdefghijklmnopqrstuvwx123456'
    await studio.create({ ...ada, tools: [{ type: 'of_a_later_version', headers: { Authorization: `Bearer ${key}` } }] })
    const refused = await failure(studio.run('bundle.export', { agent_id: 'ada', to: { kind: 'download' } }, page))
    expect(refused.code).toBe('invalid_document')
    expect(refused.text).toContain('agent.json#/tools/0/headers/Authorization')
    expect(refused.text).not.toContain(key)
    expect(studio.downloads).toEqual([])
    expect((await studio.run('bundle.inspect', { agent_id: 'ada' })).problems).toHaveLength(1)
  })

  test('to a folder of another agent, or through a link, is refused', async () => {
    const [studio, folder] = [await adaWithVersions(), temporaryFolder()]
    const to = { kind: 'path', path: folder, form: 'folder' }
    writeFileSync(join(folder, 'agent.json'), '{"agent_id": "eve"}')
    expect(await failure(studio.run('bundle.export', { agent_id: 'ada', to }))).toMatchObject({ code: 'conflict' })
    rmSync(join(folder, 'agent.json'))
    writeFileSync(join(folder, 'precious'), 'mine')
    symlinkSync(join(folder, 'precious'), join(folder, 'prompt.md'))
    expect((await failure(studio.run('bundle.export', { agent_id: 'ada', to }))).text).toContain('prompt.md is a link')
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('mine')
    expect((await failure(studio.run('bundle.export', { agent_id: 'ada', versions: ['9.9.9'], to }))).text).toContain(
      'no version 9.9.9',
    )
  })
})

describe('import', () => {
  test('over an agent that is there says what changes, and makes one revision', async () => {
    const studio = await adaWithVersions()
    await exported(studio, join(studio.dir, 'a'))
    await studio.revise({ ...withPrompt('three'), name: 'Ada L.' }, 3)
    const { preview, applied } = await imported(studio, join(studio.dir, 'a'))
    expect(preview.changes).toEqual([
      { path: '/name', before: 'Ada L.', after: 'Ada' },
      { path: '/prompt_config/instructions', before: 'three', after: 'You are Ada.\nSay "ü" — often.\n' },
    ])
    expect(preview.versions.map(({ effect }) => effect)).toEqual(['same', 'same'])
    expect(applied.effect).toBe('update')
    expect((await studio.store.agents.find(scope, 'ada'))?.head).toMatchObject({ revision: 5, content: ada })
    expect((await imported(studio, join(studio.dir, 'a'))).applied.effect).toBe('same')
    expect((await studio.store.agents.find(scope, 'ada'))?.head.revision).toBe(5)
  })

  test('under another id makes another agent', async () => {
    const studio = await adaWithVersions()
    await exported(studio, join(studio.dir, 'a'))
    expect((await imported(studio, join(studio.dir, 'a'), 'eve')).applied).toEqual({ agent_id: 'eve', effect: 'create' })
    expect((await studio.store.versions.list(scope, 'eve')).map(({ version }) => version)).toEqual(['1.1.0', '1.0.0'])
  })

  test('of a version that differs from the published one is refused, and nothing is written', async () => {
    const [here, there] = [await adaWithVersions(), startStudio()]
    await there.create(withPrompt('other'))
    await there.publish('1.1.0', 1)
    await exported(here, join(here.dir, 'a'))
    const preview = await there.run('bundle.preview', { from: { kind: 'path', path: join(here.dir, 'a') } })
    expect(preview.versions).toEqual([
      { version: '1.0.0', effect: 'create' },
      { version: '1.1.0', effect: 'conflict' },
    ])
    expect(await failure(there.run('bundle.apply', { import_id: preview.import_id }))).toMatchObject({ code: 'conflict' })
    expect((await there.store.versions.list(scope, 'ada')).length).toBe(1)
    expect((await there.store.agents.find(scope, 'ada'))?.head.revision).toBe(1)
  })

  test('that was overtaken by a save is refused', async () => {
    const studio = await adaWithVersions()
    await exported(studio, join(studio.dir, 'a'))
    await studio.revise(withPrompt('three'), 3)
    const preview = await studio.run('bundle.preview', { from: { kind: 'path', path: join(studio.dir, 'a') } })
    await studio.revise(withPrompt('four'), 4)
    expect(await failure(studio.run('bundle.apply', { import_id: preview.import_id }))).toMatchObject({ code: 'conflict' })
    expect((await studio.store.agents.find(scope, 'ada'))?.head.content).toEqual(withPrompt('four'))
  })

  test('brings a deleted agent back, and says so', async () => {
    const studio = await adaWithVersions()
    await exported(studio, join(studio.dir, 'a'))
    await studio.store.commit(scope, [{ kind: 'agent.delete', agent_id: 'ada' }], null)
    const { preview } = await imported(studio, join(studio.dir, 'a'))
    expect(preview.warnings[0]).toContain('deleted')
    expect((await studio.store.agents.find(scope, 'ada'))?.summary.deleted_at).toBe(undefined)
  })

  test('of an invalid agent lists every problem with its place; of a newer one says so', async () => {
    const [studio, folder] = [startStudio(), temporaryFolder()]
    const write = (content: unknown) => writeFileSync(join(folder, 'agent.json'), JSON.stringify(content))
    writeFileSync(join(folder, 'prompt.md'), 'x')
    write({ ...ada, name: '', prompt_config: {}, llm_config: { api_key: 'plain' } })
    const refused = await failure(studio.run('bundle.preview', { from: { kind: 'path', path: folder } }))
    expect(refused.code).toBe('invalid_document')
    expect(refused.text).toMatch(/agent\.json#\/name.*agent\.json#\/llm_config\/api_key/)
    write({ ...ada, format: 999, prompt_config: {} })
    expect(await failure(studio.run('bundle.preview', { from: { kind: 'path', path: folder } }))).toMatchObject({
      code: 'unsupported',
    })
  })

  test('of an agent with a key in it is refused and says where, without repeating the key', async () => {
    const [studio, folder, key] = [startStudio(), temporaryFolder(), 'ghp_abcdefghijklmnopqrstuvwxyz0123456789']
    writeFileSync(join(folder, 'agent.json'), JSON.stringify({ ...ada, prompt_config: {}, 'x-note': key }))
    writeFileSync(join(folder, 'prompt.md'), 'x')
    const refused = await failure(studio.run('bundle.preview', { from: { kind: 'path', path: folder } }))
    expect(refused.code).toBe('invalid_document')
    expect(refused.text).toContain('agent.json#/x-note')
    expect(refused.text).not.toContain(key)
  })

  test('reads no file through a link', async () => {
    const [studio, folder] = [startStudio(), temporaryFolder()]
    writeFileSync(join(folder, 'agent.json'), JSON.stringify({ ...ada, prompt_config: {} }))
    writeFileSync(join(folder, 'private'), 'a secret')
    symlinkSync(join(folder, 'private'), join(folder, 'prompt.md'))
    expect((await failure(studio.run('bundle.preview', { from: { kind: 'path', path: folder } }))).text).toContain('link')
  })

  test('waits 15 minutes for its apply, and for nobody else', async () => {
    const studio = await adaWithVersions()
    await exported(studio, join(studio.dir, 'a'))
    const { import_id } = await studio.run('bundle.preview', { from: { kind: 'upload', upload_id: join(studio.dir, 'a') } }, page)
    studio.wait(16 * 60_000)
    expect(await failure(studio.run('bundle.apply', { import_id }))).toMatchObject({ code: 'not_found' })
  })

  test('a page names no paths', async () => {
    const studio = await adaWithVersions()
    expect(await failure(studio.run('bundle.preview', { from: { kind: 'path', path: studio.dir } }, page))).toMatchObject({
      code: 'forbidden',
    })
    expect(
      await failure(
        studio.run('bundle.export', { agent_id: 'ada', to: { kind: 'path', path: join(studio.dir, 'x'), form: 'bundle' } }, page),
      ),
    ).toMatchObject({ code: 'forbidden' })
  })
})
