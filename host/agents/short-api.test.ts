import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FIRST_FAMILY as first } from '../../core/agent/testing/short-bodies.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { UserId } from '../../core/contract/ids.ts'
import type { InputOf, OperationName } from '../../core/contract/index.ts'
import { callerWith, startTestHost, type TestHost } from '../testing/start-test-host.ts'

const second = {
  name: 'Receptionist',
  description: 'Answers the phone',
  is_active: true,
  is_default: false,
  llm_provider_config: {
    provider: 'groq.com',
    api_key: 'plain-key-8h2kd92',
    model: 'm',
    api_url: 'https://api.groq.com',
    completions_path: '/openai/v1/chat/completions',
  },
  tts_provider_config: { provider: 'async.ai', voice_id: 'v', model_id: 'async_flash_v1.0', sample_rate: 24000 },
  stt_provider_config: { provider: 'whisper.local', url: 'http://127.0.0.1:8000', path: '/inference' },
}
const eve: Caller = { ...callerWith('developer'), user_id: UserId.parse('eve') }

let studio: TestHost
beforeEach(async () => {
  studio = await startTestHost()
})
afterEach(() => studio.close())

const create = async (agent: DocumentJson) => (await studio.call('short.create', { agent })).agent
const read = async (id: string) => (await studio.call('short.get', { id })).agent
const update = async (id: string, agent: DocumentJson) => (await studio.call('short.update', { id, agent })).agent
const as = <Name extends OperationName>(caller: Caller, name: Name, input: InputOf<Name>) =>
  studio.host.dispatch(caller, name, input)

describe('both families', () => {
  test('write their own keys, and read both', async () => {
    const one = await create(first)
    expect(one).toMatchObject({ ...first, agent_id: 'groq-agent', is_active: true, llm_provider_config: { provider: 'groq' } })
    const two = await create(second)
    const { api_key: _, ...llm } = second.llm_provider_config
    expect(two).toMatchObject({
      ...second,
      llm_provider_config: { ...llm, api_key: 'secret:receptionist.llm' },
      enabled: true,
      llm: { provider: 'groq.com', model: 'm' },
    })
    expect(two['id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(await read(JSON.parse(JSON.stringify(two['id'])))).toEqual(two)
    expect(await read('receptionist')).toEqual(two)
    expect(await read('Receptionist')).toEqual(two)
    expect((await studio.call('short.list', {})).agents.map(({ name }) => name)).toEqual(['groq agent', 'Receptionist'])
  })

  test('it is the same document as part A has, served at once', async () => {
    await create(first)
    const { document } = await studio.call('config.get', { agent_id: 'groq-agent' })
    expect(document).toMatchObject({
      name: 'groq agent',
      version: '1.0.0',
      prompt_config: { instructions: first.instructions },
      llm_config: first.llm,
      tts_config: { provider: 'openai', voice_id: 'nova', voice_name: 'Nova', voice_options: { stability: 0.4 } },
    })
    await update('groq agent', { llm: { model: 'other' }, enabled: false })
    expect((await studio.call('config.get', { agent_id: 'groq-agent' })).document).toMatchObject({
      enabled: false,
      llm_config: { provider: 'groq', model: 'other' },
      modified_since_version: true,
    })
  })

  test('a key in a body is kept as a secret, and stands nowhere else', async () => {
    const made = await create(second)
    const again = await update('Receptionist', { ...made, tts_provider_config: { api_key: 'another-key-77' } })
    expect(again).toMatchObject({ tts_provider_config: { api_key: 'secret:receptionist.tts', voice_id: 'v' } })
    expect((await studio.call('secret.list', {})).secrets.map(({ reference }) => reference)).toEqual(
      expect.arrayContaining(['secret:receptionist.llm', 'secret:receptionist.tts']),
    )
    const onDisk = readdirSync(studio.dir)
      .filter((name) => name.includes('.db'))
      .map((name) => readFileSync(join(studio.dir, name), 'latin1'))
      .join('')
    for (const text of [onDisk, JSON.stringify(again), JSON.stringify(studio.events)])
      expect(text).not.toMatch(/plain-key-8h2kd92|another-key-77/)
    await as(callerWith('admin'), 'short.delete', { id: 'Receptionist', purge: true })
    expect((await studio.call('secret.list', {})).secrets).toEqual([])
  })

  test('a name is unique, and what is wrong is told in the client’s own words', async () => {
    await create(first)
    const refusal = (agent: DocumentJson) => studio.dispatch('short.create', { agent })
    expect(await refusal({ ...first, name: 'Groq Agent' })).toMatchObject({
      error: { code: 'conflict', problems: [{ path: '/name' }] },
    })
    expect(await refusal({ instructions: 'x' })).toMatchObject({
      error: { code: 'invalid_document', problems: [{ path: '/name' }] },
    })
    expect(await refusal({ ...first, name: 'b', llm: 'groq' })).toMatchObject({ error: { problems: [{ path: '/llm' }] } })
    expect(await refusal({ ...first, name: 'b', llm: { provider: 'groq', temperature: 9 } })).toMatchObject({
      error: { problems: [{ path: '/llm/temperature' }] },
    })
    expect(await refusal({ ...first, name: 'b', instructions: '' })).toMatchObject({
      error: { problems: [{ path: '/instructions' }] },
    })
    await create({ ...first, name: 'b' })
    expect(await studio.dispatch('short.update', { id: 'b', agent: { name: 'groq agent' } })).toMatchObject({
      error: { code: 'conflict' },
    })
    expect(await create({ ...first, name: 'groq-agent' })).toMatchObject({ agent_id: 'groq-agent-2' })
  })
})

describe('defaults', () => {
  const defaults = async () =>
    (await studio.call('short.list', {})).agents.filter(({ is_default }) => is_default).map(({ name }) => name)
  const current = async () => (await studio.call('short.current', {})).agent['name']

  test('exactly one for each user: the first, then the one that was chosen', async () => {
    expect(await studio.dispatch('short.current', {})).toMatchObject({ error: { code: 'not_found' } })
    await create(first)
    await create({ ...first, name: 'b' })
    expect([await defaults(), await current()]).toEqual([['groq agent'], 'groq agent'])
    expect((await studio.call('short.set_default', { id: 'b' })).agent).toMatchObject({ is_default: true })
    await create({ ...second, is_default: true })
    expect([await defaults(), await current()]).toEqual([['Receptionist'], 'Receptionist'])
    await as(eve, 'short.set_default', { id: 'b' })
    expect(await as(eve, 'short.current', {})).toMatchObject({ value: { agent: { name: 'b', is_default: true } } })
    expect(await current()).toBe('Receptionist')
  })

  test('one that is disabled is none', async () => {
    await create(first)
    await create({ ...first, name: 'b' })
    expect((await studio.call('short.delete', { id: 'groq agent' })).agent).toMatchObject({
      enabled: false,
      is_active: false,
      is_default: false,
    })
    expect([await defaults(), await current()]).toEqual([['b'], 'b'])
    expect(await studio.dispatch('short.set_default', { id: 'groq agent' })).toMatchObject({ error: { code: 'conflict' } })
  })

  test('an agent of one user is not there for another; one that belongs to nobody is', async () => {
    await create(second)
    await create(first)
    expect(await as(eve, 'short.list', {})).toMatchObject({ value: { count: 1, agents: [{ name: 'groq agent' }] } })
    for (const name of ['short.get', 'short.set_default', 'short.delete'] as const)
      expect(await as(eve, name, { id: 'Receptionist' })).toMatchObject({ error: { code: 'not_found' } })
    expect(await as(eve, 'short.create', { agent: second })).toMatchObject({
      value: { agent: { agent_id: 'receptionist-2', user_id: 'eve' } },
    })
  })
})

test('If-Match holds for the short view, too', async () => {
  await create(first)
  const { etag } = await studio.call('short.get', { id: 'groq agent' })
  const write = (agent: DocumentJson) => studio.dispatch('short.update', { id: 'groq agent', agent, if_match: etag })
  expect(await write({ description: 'a' })).toMatchObject({ ok: true })
  expect(await write({ description: 'b' })).toMatchObject({ error: { code: 'precondition_failed' } })
})
