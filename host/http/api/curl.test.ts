import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIRST_FAMILY } from '../../../core/agent/testing/short-bodies.ts'
import { serveTestApi, type TestApi } from './testing/serve-test-api.ts'

const run = promisify(execFile)
const missing = spawnSync('curl', ['--version']).status !== 0

let api: TestApi
beforeAll(async () => {
  api = await serveTestApi()
})
afterAll(() => api.close())

/** `curl …` as clients of the systems that this API took over type it, with a key; the status stands behind the body. */
async function curl(path: string, ...args: string[]): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const key = ['-H', 'authorization: Bearer admin acme ann']
  const { stdout } = await run('curl', ['-sS', '--globoff', '-w', '\n%{http_code}', ...key, ...args, `${api.origin}${path}`])
  const at = stdout.lastIndexOf('\n')
  const text = stdout.slice(0, at)
  return { status: Number(stdout.slice(at + 1)), body: text === '' ? undefined : JSON.parse(text) }
}
const json = ['-H', 'Content-Type: application/json'] as const
const data = (body: unknown) => ['-d', JSON.stringify(body)] as const

const agent = {
  agent_id: 'sales-agent-v1',
  name: 'Sales',
  agent_type: 'sales',
  version: '1.2.0',
  enabled: true,
  is_default: false,
  prompt_config: { template_id: 'sales_v1', instructions: 'You qualify leads.', dynamic_vars: { company: 'Acme' } },
  schema_config: {
    schema_id: 'sales_v1',
    fields: [
      { field_name: 'system_response', field_type: 'str', description: 'Said.', required: true, metadata: { use_in_tts: false } },
      { field_name: 'voice_instructions', field_type: 'str', required: true, metadata: { use_in_tts: true } },
      { field_name: 'sales_stage', field_type: "Literal['discovery', 'closing']", required: true },
      {
        field_name: 'qualification_score',
        field_type: 'int',
        default: 50,
        constraints: { ge: 0, le: 100 },
        metadata: { hidden: true },
      },
      { field_name: 'pain_points', field_type: 'list[str]', required: false },
    ],
  },
  stt_config: { provider: 'whisper.local', model: 'small' },
  llm_config: {
    provider: 'groq.com',
    model: 'llama-3.3-70b-versatile',
    temperature: 0.7,
    supports_structured_output: false,
    myOwnKey: 1,
  },
  tts_config: { provider: 'async.ai', voice_id: 'v', instruction_field: 'no_such_field' },
  tracing_config: { enabled: false, provider: 'langfuse', sample_rate: 1 },
  tenant_config: { tenant_id: 'acme', isolation_level: 'shared' },
}

describe.skipIf(missing)('part A with curl', () => {
  const CONFIG = '/api/v1/agents/config'

  test('create, read, change, list, disable', async () => {
    const made = await curl(CONFIG, '-X', 'POST', ...json, ...data(agent))
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...agent,
        warnings: expect.arrayContaining([expect.objectContaining({ path: '/tts_config/instruction_field' })]) as unknown,
      },
    })
    expect(await curl(CONFIG, ...data(agent))).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
    expect(await curl(`${CONFIG}/sales-agent-v1`)).toMatchObject({ status: 200, body: agent })
    const put = await curl(`${CONFIG}/sales-agent-v1`, '-X', 'PUT', ...data({ llm_config: { temperature: 0.9 } }))
    expect(put).toMatchObject({
      status: 200,
      body: { version: '1.2.0', modified_since_version: true, llm_config: { ...agent.llm_config, temperature: 0.9 } },
    })
    expect(await curl(`${CONFIG}/sales-agent-v1?version=1.2.0`)).toMatchObject({ body: { llm_config: { temperature: 0.7 } } })
    expect(await curl('/api/v1/agents/list?agent_type=sales&enabled=true&q=sal')).toMatchObject({
      body: { count: 1, agents: [{ agent_id: 'sales-agent-v1', field_count: 5 }] },
    })
    expect(await curl(`${CONFIG}/sales-agent-v1`, '-X', 'DELETE')).toMatchObject({ status: 200, body: { enabled: false } })
    expect(await curl('/api/v1/agents/list?enabled=false')).toMatchObject({ body: { count: 1 } })
  })

  test('the smallest body, without Content-Type, from a file or a pipe', async () => {
    const body = { agent_id: 'small', prompt_config: { instructions: 'x' } }
    expect(await curl(CONFIG, '-H', 'Content-Type:', ...data(body))).toMatchObject({ status: 201, body: { version: '1.0.0' } })
    expect(await curl(CONFIG, '--data-binary', JSON.stringify({ ...body, agent_id: 'smaller' }, null, 2))).toMatchObject({
      status: 201,
    })
    expect(await curl(CONFIG, '-H', 'Transfer-Encoding: chunked', ...data({ ...body, agent_id: 'piece' }))).toMatchObject({
      status: 201,
    })
    expect(await curl(CONFIG, '--json', JSON.stringify({ ...body, agent_id: 'newer-curl' }))).toMatchObject({ status: 201 })
  })

  test('fields, tracing, versions', async () => {
    const field = {
      field_name: 'next_step',
      field_type: 'str',
      description: 'What comes next',
      required: true,
      default: 'call',
      constraints: {},
      metadata: { use_in_tts: false, hidden: true },
    }
    expect(await curl(`${CONFIG}/small/schema/fields`, ...data(field))).toMatchObject({ status: 201 })
    expect(await curl(`${CONFIG}/small/schema/fields`, ...data(field))).toMatchObject({ status: 409 })
    expect(await curl(`${CONFIG}/small/schema/fields`, ...data({ ...field, field_name: 'lambda' }))).toMatchObject({
      status: 422,
    })
    expect(await curl(`${CONFIG}/small/schema/fields/system_response`, '-X', 'DELETE')).toMatchObject({ status: 422 })
    expect(await curl(`${CONFIG}/small/schema/fields/next_step`, '-X', 'DELETE')).toMatchObject({ status: 200 })
    expect(await curl(`${CONFIG}/small/tracing/toggle?enabled=true`, '-X', 'POST')).toEqual({
      status: 200,
      body: { agent_id: 'small', enabled: true },
    })
    expect(await curl(`${CONFIG}/small/publish`, '-X', 'POST')).toMatchObject({ status: 201, body: { version: '1.0.1' } })
    expect(await curl(`${CONFIG}/small/publish`, ...data({ version: '2.0.0', name: 'Two' }))).toMatchObject({
      status: 201,
      body: { version: '2.0.0' },
    })
    expect(await curl(`${CONFIG}/small/versions`)).toMatchObject({
      body: { count: 3, versions: [{ version: '2.0.0', name: 'Two', labels: ['production'] }, {}, {}] },
    })
    expect(await curl(`${CONFIG}/small/rollback`, '-X', 'POST')).toMatchObject({ body: { version: '1.0.1' } })
    expect(await curl(`${CONFIG}/small/rollback`, ...data({ version: '1.0.0' }))).toMatchObject({
      body: { version: '1.0.0', tracing_config: { enabled: false } },
    })
    expect(await curl('/api/v1/agents/openapi.json')).toMatchObject({ body: { openapi: '3.1.1' } })
    expect(await curl(`${CONFIG}/small?purge=true`, '-X', 'DELETE')).toEqual({ status: 204, body: undefined })
  })
})

describe.skipIf(missing)('part B with curl', () => {
  test('the first family', async () => {
    const body = { ...FIRST_FAMILY, name: 'groq-agent' }
    expect(await curl('/api/agents', ...data(body))).toMatchObject({ status: 201, body })
    expect(await curl('/api/agents/groq-agent')).toMatchObject({ status: 200, body })
    expect(await curl('/api/agents/groq-agent', '-X', 'PUT', ...data({ voiceOptions: { stability: 0.9 } }))).toMatchObject({
      body: { ...body, voiceOptions: { stability: 0.9 } },
    })
    expect(await curl('/api/agents')).toMatchObject({
      body: { agents: expect.arrayContaining([expect.objectContaining({ name: 'groq-agent' })]) as unknown },
    })
    expect(await curl('/api/agents/groq-agent', '-X', 'DELETE')).toMatchObject({
      status: 200,
      body: { enabled: false, is_active: false },
    })
  })

  test('the second family', async () => {
    const llm = {
      provider: 'groq.com',
      model: 'm',
      api_url: 'https://api.groq.com',
      completions_path: '/openai/v1/chat/completions',
    }
    const body = {
      name: 'Front desk',
      description: 'Answers',
      is_active: true,
      is_default: true,
      tts_provider_config: { provider: 'async.ai', voice_id: 'v', model_id: 'async_flash_v1.0', sample_rate: 24000 },
      stt_provider_config: { provider: 'whisper.local', url: 'http://127.0.0.1:8000', path: '/inference' },
    }
    const made = await curl(
      '/api/agents',
      ...data({ ...body, llm_provider_config: { ...llm, api_key: 'a-key-in-plain-text-1' } }),
    )
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, user_id: 'ann', llm_provider_config: { ...llm, api_key: 'secret:front-desk.llm' } },
    })
    expect(await curl('/api/agents/current')).toEqual({ status: 200, body: made.body })
    expect(await curl(`/api/agents/${made.body.id}`, '-X', 'PUT', ...data({ is_active: false }))).toMatchObject({
      body: { is_active: false, is_default: false },
    })
    expect(await curl(`/api/agents/${made.body.id}/set-default`, '-X', 'POST')).toMatchObject({ status: 409 })
    await curl(`/api/agents/${made.body.id}`, '-X', 'PUT', ...data({ is_active: true }))
    expect(await curl(`/api/agents/${made.body.id}/set-default`, '-X', 'POST')).toMatchObject({
      status: 200,
      body: { is_default: true },
    })
    expect(await curl('/api/users', ...data({ name: 'Bob' }))).toMatchObject({ status: 201, body: { name: 'Bob' } })
    expect(await curl('/api/users')).toMatchObject({ status: 200, body: { users: expect.any(Array) as unknown } })
    expect(await curl(`/api/agents/${made.body.id}?purge=true`, '-X', 'DELETE')).toEqual({ status: 204, body: undefined })
  })
})
