import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { callerWith, startTestHost, type TestHost } from '../testing/start-test-host.ts'

const smallest: DocumentJson = { agent_id: 'ada', prompt_config: { instructions: 'Be kind.' } }
const field = { field_name: 'mood', field_type: 'int', description: 'How they feel.', constraints: { ge: 1, le: 10 } }

let studio: TestHost
beforeEach(async () => {
  studio = await startTestHost()
})
afterEach(() => studio.close())

const create = (document: DocumentJson = smallest) => studio.call('config.create', { document })
const read = async (version?: string) =>
  (await studio.call('config.get', { agent_id: 'ada', ...(version !== undefined && { version }) })).document
const update = async (patch: DocumentJson) => (await studio.call('config.update', { agent_id: 'ada', patch })).document
const names = (document: DocumentJson | undefined) =>
  Object(document)['schema_config']['fields'].map((row: { field_name: string }) => row.field_name)

describe('what is created', () => {
  test('the smallest body gets every part at its default, a first version, and is served at once', async () => {
    const { document } = await create()
    expect(document).toMatchObject({
      agent_id: 'ada',
      name: 'ada',
      version: '1.0.0',
      modified_since_version: false,
      enabled: true,
      is_default: false,
      labels: { production: '1.0.0' },
      tenant_config: { tenant_id: 'local', isolation_level: 'shared' },
      schema_config: { spoken_field: 'system_response' },
      stt_config: { provider: 'builtin', language: 'en' },
      llm_config: { provider: 'rehearsal' },
      tts_config: { provider: 'builtin', instruction_field: 'voice_instructions' },
      tracing_config: { enabled: false },
    })
    expect(names(document)).toEqual(['voice_instructions', 'system_response'])
    expect(await read()).toEqual(document)
    expect(studio.events.at(-1)).toMatchObject({ type: 'agent.changed', agent: { agent_id: 'ada' }, tenant_id: 'local' })
  })

  test('an id that is taken, none, or one that is no id', async () => {
    await create()
    const code = async (document: DocumentJson) => await studio.dispatch('config.create', { document })
    expect(await code({ ...smallest, agent_id: 'ADA' })).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await code({ ...smallest, agent_id: 'a b' })).toMatchObject({
      error: { code: 'invalid_document', problems: [{ path: '/agent_id' }] },
    })
    expect(await code({ prompt_config: smallest['prompt_config'] ?? null })).toMatchObject({
      error: { problems: [{ path: '/agent_id' }] },
    })
    expect(await code({ agent_id: 'eve' })).toMatchObject({
      error: {
        code: 'invalid_document',
        problems: [{ path: '/prompt_config', message: 'is missing: the agent needs instructions' }],
      },
    })
  })

  test('a client’s own keys and spellings come back as they were written', async () => {
    const written = {
      ...smallest,
      template_id: 'pte_interview_v1',
      agent_type: 'pte_interview',
      version: '2.1.0',
      enabled: false,
      llm_config: { provider: 'groq.com', model: 'llama-3.3-70b-versatile', top_p: 0.9 },
      tts_config: { provider: 'openai', voiceId: 'ash', instruction_field: 'not_there', xKeys: { a: [1, null] } },
      'x-owner': { team: 'green' },
    }
    const { document } = await create(written)
    expect(document).toMatchObject({ ...written, tts_config: { ...written.tts_config, voice_id: 'ash' } })
    const { warnings } = Object(document)
    expect(warnings.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['/agent_type', '/tts_config/instruction_field']),
    )
    expect(await update({ tts_config: { voiceId: 'nova' } })).toMatchObject({ tts_config: { voiceId: 'nova', voice_id: 'nova' } })
    expect(await update({ tts_config: { voice_id: 'sage' } })).toMatchObject({
      tts_config: { voiceId: 'sage', voice_id: 'sage' },
    })
  })

  test('a key in plain text and a tenant of somebody else do not come in', async () => {
    const reply = await studio.dispatch('config.create', {
      document: { ...smallest, llm_config: { api_key: 'gsk_0123456789abcdefghijklmn' } },
    })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_document' } })
    expect(JSON.stringify(reply)).not.toContain('gsk_')
    const { document } = await create({ ...smallest, tenant_config: { tenant_id: 'acme' } })
    expect(document).toMatchObject({ tenant_config: { tenant_id: 'local' } })
  })
})

describe('what is updated', () => {
  beforeEach(() => create())

  test('keys merge deeply, arrays replace, null removes', async () => {
    await update({ llm_config: { provider: 'groq', model: 'm', temperature: 0.2 }, tags: ['a', 'b'], 'x-note': 'n' })
    const after = await update({ llm_config: { temperature: 0.9, model: null }, tags: ['c'], 'x-note': null })
    expect(after).toMatchObject({ llm_config: { provider: 'groq', temperature: 0.9 }, tags: ['c'], modified_since_version: true })
    expect(after['llm_config']).not.toHaveProperty('model')
    expect(after).not.toHaveProperty('x-note')
    expect(await studio.dispatch('config.update', { agent_id: 'ada', patch: { prompt_config: null } })).toMatchObject({
      error: { code: 'invalid_document' },
    })
  })

  test('what was read may be sent back whole, and changes nothing', async () => {
    const before = await read()
    expect(await update(before)).toEqual(before)
    expect((await studio.call('agent.get', { agent_id: 'ada' })).head.revision).toBe(1)
  })

  test('each write is what workers serve; a new version publishes it, the old number stays its own', async () => {
    const served = async () => (await studio.call('agent.get', { agent_id: 'ada' })).summary
    await update({ description: 'two' })
    expect(await read()).toMatchObject({ version: '1.0.0', modified_since_version: true, revision: 2 })
    expect(await update({ description: 'three', version: '1.2.0' })).toMatchObject({
      version: '1.2.0',
      modified_since_version: false,
    })
    expect(await served()).toMatchObject({ labels: { production: '1.2.0' }, version: '1.2.0' })
    expect(await read('1.0.0')).toMatchObject({ version: '1.0.0', description: '', modified_since_version: false })
    expect(await studio.dispatch('config.update', { agent_id: 'ada', patch: { version: '1.0.0' } })).toMatchObject({
      error: { code: 'conflict' },
    })
    expect(await studio.dispatch('config.update', { agent_id: 'ada', patch: { version: 'new' } })).toMatchObject({
      error: { code: 'invalid_document', problems: [{ path: '/version' }] },
    })
  })

  test('two writers of different parts both get through; with If-Match the later one is told', async () => {
    const patches = Array.from({ length: 6 }, (_, index) => update({ [`x-${index}`]: index }))
    await Promise.all(patches)
    expect(await read()).toMatchObject({ 'x-0': 0, 'x-5': 5 })
    const { etag } = await studio.call('config.get', { agent_id: 'ada' })
    const guarded = ['a', 'b', 'c'].map((description) =>
      studio.dispatch('config.update', { agent_id: 'ada', patch: { description }, if_match: etag }),
    )
    const replies = await Promise.all(guarded)
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
    expect(replies.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'precondition_failed' } })
    const weak = (await studio.call('config.get', { agent_id: 'ada' })).etag
    const again = { agent_id: 'ada', patch: { description: 'd' }, if_match: `"other", W/${weak}` }
    expect(await studio.dispatch('config.update', again)).toMatchObject({ ok: true })
  })

  test('state is no revision, and the default is one of the tenant', async () => {
    await create({ ...smallest, agent_id: 'eve', is_default: true })
    expect(await update({ is_default: true, enabled: false })).toMatchObject({ is_default: true, enabled: false, revision: 1 })
    expect((await studio.call('config.get', { agent_id: 'eve' })).document).toMatchObject({ is_default: false })
  })
})

describe('fields', () => {
  beforeEach(() => create())
  const add = (row: DocumentJson) => studio.dispatch('config.add_field', { agent_id: 'ada', field: row })
  const remove = (field_name: string) => studio.dispatch('config.remove_field', { agent_id: 'ada', field_name })

  test('one is added once, and removed unless speech needs it', async () => {
    expect(await add(field)).toMatchObject({ ok: true })
    expect(await read()).toMatchObject({ schema_config: { fields: [{}, {}, { ...field, required: true, metadata: {} }] } })
    expect(await add(field)).toMatchObject({ error: { code: 'conflict' } })
    expect(await remove('mood')).toMatchObject({ ok: true })
    expect(await remove('mood')).toMatchObject({ error: { code: 'not_found' } })
    for (const needed of ['system_response', 'voice_instructions'])
      expect(await remove(needed)).toMatchObject({ error: { code: 'invalid_document' } })
  })

  test.each([
    [{ field_name: 'Mood' }, '/field_name'],
    [{ field_name: 'class' }, '/field_name'],
    [{ field_name: 'x'.repeat(41) }, '/field_name'],
    [{ field_type: 'dict' }, '/field_type'],
    [{ field_type: "Literal['a'" }, '/field_type'],
    [{ constraints: { ge: 5, le: 1 } }, '/constraints/le'],
    [{ default: 11 }, '/default'],
  ])('%j is refused at its place', async (change, path) => {
    expect(await add({ ...field, ...change })).toMatchObject({ error: { code: 'invalid_document', problems: [{ path }] } })
  })

  test('a tier names fields, as the agent last defined them', async () => {
    await add(field)
    expect(names(await update({ schema_config: { fields: ['system_response'] } }))).toEqual(['system_response'])
    const back = await update({ schema_config: { fields: ['mood', 'system_response'] } })
    expect(names(back)).toEqual(['mood', 'system_response'])
    expect(back).toMatchObject({ schema_config: { fields: [field, {}] } })
    expect(
      await studio.dispatch('config.update', { agent_id: 'ada', patch: { schema_config: { fields: ['never'] } } }),
    ).toMatchObject({
      error: { code: 'invalid_document', problems: [{ path: '/schema_config/fields' }] },
    })
    const { document } = await create({
      ...smallest,
      agent_id: 'tier',
      schema_config: { fields: ['system_response', 'red_flags'] },
    })
    expect(document).toMatchObject({
      schema_config: { fields: [{ field_type: 'str' }, { field_name: 'red_flags', required: false }] },
    })
  })
})

describe('versions', () => {
  test('published with the next number, listed newest first, and rolled back as a new head', async () => {
    await create()
    await update({ description: 'two' })
    const { document } = await studio.call('config.publish', { agent_id: 'ada', name: 'Second', note: 'n' })
    expect(document).toMatchObject({ version: '1.0.1', modified_since_version: false })
    expect(await studio.dispatch('config.publish', { agent_id: 'ada', version: '1.0.1' })).toMatchObject({
      error: { code: 'conflict' },
    })
    const { versions, count } = await studio.call('config.versions', { agent_id: 'ada' })
    expect(count).toBe(2)
    expect(versions).toMatchObject([
      { version: '1.0.1', name: 'Second', labels: ['production'], author: 'local' },
      { version: '1.0.0', labels: [] },
    ])
    const back = await studio.call('config.rollback', { agent_id: 'ada' })
    expect(back.document).toMatchObject({ version: '1.0.0', description: '', modified_since_version: false, revision: 3 })
    expect(await studio.dispatch('config.rollback', { agent_id: 'ada' })).toMatchObject({ error: { code: 'conflict' } })
    expect((await studio.call('config.rollback', { agent_id: 'ada', version: '1.0.1' })).document).toMatchObject({
      description: 'two',
    })
    await studio.call('config.delete', { agent_id: 'ada' })
    await studio.call('config.update', { agent_id: 'ada', patch: { enabled: true } })
    expect(await read()).toMatchObject({ version: '1.0.1', enabled: true, modified_since_version: false })
    // A release needs to know what is served by its number, also after the state alone was written.
    const next = { agent_id: 'ada', version: '1.1.0', serve: false, patch: { description: 'three' } } as const
    expect(await studio.dispatch('config.publish', next)).toMatchObject({ ok: true })
    expect(await studio.dispatch('config.get', { agent_id: 'ada', version: '9.9.9' })).toMatchObject({
      error: { code: 'not_found' },
    })
  })
})

describe('the rest', () => {
  test('disabled it keeps everything; only an admin removes it for ever', async () => {
    await create()
    expect((await studio.call('config.delete', { agent_id: 'ada' })).document).toMatchObject({ enabled: false })
    expect(await read()).toMatchObject({ enabled: false })
    const purge = { agent_id: 'ada', purge: true }
    expect(await studio.dispatch('config.delete', purge)).toMatchObject({ error: { code: 'forbidden' } })
    expect(await studio.host.dispatch(callerWith('admin'), 'config.delete', purge)).toEqual({ ok: true, value: {} })
    expect(await studio.dispatch('config.get', { agent_id: 'ada' })).toMatchObject({ error: { code: 'not_found' } })
    expect(studio.events.at(-1)).toMatchObject({ type: 'agent.deleted', agent_id: 'ada' })
  })

  test('the list filters by type, tag, state and words, page by page', async () => {
    for (const [agent_id, more] of Object.entries({ a: { tags: ['x'] }, b: { agent_type: 'sales' }, c: { enabled: false } }))
      await create({ ...smallest, agent_id, ...more })
    const ids = async (query: Parameters<typeof studio.call<'config.list'>>[1]) =>
      (await studio.call('config.list', query)).agents.map(({ agent_id }) => agent_id)
    expect(await ids({})).toEqual(['a', 'b', 'c'])
    expect(await ids({ tag: 'x' })).toEqual(['a'])
    expect(await ids({ agent_type: 'sales' })).toEqual(['b'])
    expect(await ids({ enabled: false })).toEqual(['c'])
    const first = await studio.call('config.list', { limit: 2 })
    expect(first).toMatchObject({
      count: 3,
      agents: [{ version: '1.0.0', created_at: expect.stringMatching(/^2.*Z$/) as string }, {}],
    })
    expect(await ids({ limit: 2, cursor: first.next_cursor })).toEqual(['c'])
  })

  test('tracing is switched in the document; of a session that is not there nothing is', async () => {
    await create()
    await studio.call('config.toggle_tracing', { agent_id: 'ada', enabled: true })
    expect(await read()).toMatchObject({ tracing_config: { enabled: true } })
    const session_id = '01a1fe49-0000-7000-8000-000000000000'
    expect(
      await studio.host.dispatch(callerWith('developer'), 'config.toggle_tracing', {
        agent_id: 'ada',
        enabled: true,
        session_id,
      }),
    ).toMatchObject({
      error: { code: 'not_found' },
    })
  })
})
