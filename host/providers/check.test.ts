import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { startOpenAiServer } from '../../agent-runtime/providers/testing/openai-server.ts'
import { listProviders, needsSecret, type Provider } from '../../core/providers/index.ts'
import type { InputOf, StudioEvent } from '../../core/contract/index.ts'
import { callerWith, startTestHost, type TestHost, type TestHostOptions } from '../testing/start-test-host.ts'

const CANARY = 'sk-canary-9d02f7e1b6c4'
/** For tests that leave nothing behind that another one looks at. */
let shared: TestHost
beforeAll(async () => {
  shared = await startTestHost()
})
afterAll(() => shared.close())
afterEach(() => vi.unstubAllEnvs())

async function startStudio(options: TestHostOptions = {}): Promise<TestHost> {
  const studio = await startTestHost(options)
  onTestFinished(() => studio.close())
  return studio
}

async function startServer() {
  const server = await startOpenAiServer({ key: CANARY })
  onTestFinished(() => server.close())
  vi.stubEnv('CHECK_KEY', CANARY)
  return { server, block: { provider: 'openai-compatible', base_url: server.base_url, api_key: 'env:CHECK_KEY', model: 'm' } }
}

const named = (studio: TestHost, type: StudioEvent['type']) => studio.events.filter((event) => event.type === type)

/** Resolves when the studio announces what is looked for. */
const announced = (studio: TestHost, holds: (event: StudioEvent) => boolean) =>
  new Promise<void>((resolve) => {
    const off = studio.host.onEvent((event) => {
      if (!holds(event)) return
      off()
      resolve()
    })
  })

test('an LLM is checked through the door: steps as they end, a result that is kept, listed, announced and audited', async () => {
  const { server, block } = await startServer()
  let studio = await startTestHost()
  onTestFinished(() => studio.close())
  expect((await studio.call('provider.checks', {})).checks).toEqual([])
  const reply = await studio.dispatch('provider.check', { kind: 'llm', block }, { job_id: 'check-1' })
  if (!reply.ok) throw new Error(reply.error.message)
  const { check } = reply.value
  expect(check).toMatchObject({ ok: true, provider: 'openai-compatible', model: 'm', base_url: server.base_url })
  expect(check.passed_at).toBe(check.at)
  expect(check.steps.map(({ step }) => step)).toEqual(['key', 'model', 'answer', 'structured_output'])
  expect(named(studio, 'job.progress')).toEqual(
    check.steps.map((progress) => ({ type: 'job.progress', job_id: 'check-1', progress })),
  )
  expect(named(studio, 'provider.checked')).toEqual([{ type: 'provider.checked', check }])

  vi.stubEnv('CHECK_KEY', 'sk-wrong-key-of-mine')
  studio = await studio.restart()
  const again = await studio.call('provider.check', { kind: 'llm', block })
  expect(again.check).toMatchObject({ ok: false, passed_at: check.at, steps: [{ step: 'key', ok: false }] })
  const other = await studio.call('provider.check', { kind: 'llm', block: { ...block, model: 'other' } })
  expect(other.check).not.toHaveProperty('passed_at')
  expect((await studio.call('provider.checks', {})).checks).toEqual([other.check, again.check])
})

test('the agent’s own field table is what has to be followed, and a broken one is refused', async () => {
  const { server, block } = await startServer()
  const studio = shared
  const fields = [
    { field_name: 'words', field_type: 'str', description: 'Said', metadata: { use_in_tts: true } },
    { field_name: 'stage', field_type: "Literal['one', 'two']", description: 'Where' },
  ]
  const { check } = await studio.call('provider.check', { kind: 'llm', block, fields })
  expect(check.steps.at(-1)).toMatchObject({ ok: true, detail: 'all 2 fields as the table says' })
  expect(server.requests.at(-1)?.body).toMatchObject({
    response_format: { json_schema: { schema: { required: ['words', 'stage'] } } },
  })
  const before = server.requests.length
  expect(
    await studio.dispatch('provider.check', { kind: 'llm', block, fields: [{ field_name: '1 x', field_type: 'str' }] }),
  ).toMatchObject({
    error: { code: 'invalid_document', problems: [{ path: expect.stringContaining('/schema_config/fields/0') as string }] },
  })
  expect(server.requests).toHaveLength(before)
})

test('a TTS comes back as a sentence to hear, and an STT with the sentence that it was given', async () => {
  const { block } = await startServer()
  const studio = shared
  const spoken = await studio.call('provider.check', { kind: 'tts', block })
  expect(spoken.check).toMatchObject({ ok: true, first_audio_ms: expect.any(Number) as number })
  expect(
    Buffer.from(spoken.sample_wav ?? '', 'base64')
      .subarray(0, 4)
      .toString(),
  ).toBe('RIFF')
  const heard = await studio.call('provider.check', { kind: 'stt', block })
  expect(heard.check.steps.at(-1)).toMatchObject({ step: 'voice', ok: false })
  expect(heard.sample_wav).toBeTruthy()
  const { checks } = await studio.call('provider.checks', {})
  expect(checks.slice(0, 2).map(({ kind, ok }) => `${kind} ${ok}`)).toEqual(['stt false', 'tts true'])
})

test('what cannot even be asked is told at once, and nothing of it is kept', async () => {
  const studio = await startStudio()
  const ask = async (input: InputOf<'provider.check'>) => {
    const reply = await studio.dispatch('provider.check', input)
    return reply.ok ? '' : `${reply.error.code}: ${reply.error.message}`
  }
  expect(await ask({ kind: 'llm', block: { provider: 'nobody' } })).toMatch(/^not_found: There is no LLM provider/)
  expect(await ask({ kind: 'llm', block: { provider: 'builtin' } })).toMatch(/^not_found: .* has no model on this machine/)
  expect(await ask({ kind: 'tts', block: { provider: 'builtin', model: 'x' } })).toMatch(/^not_found/)
  expect(await ask({ kind: 'llm', block: { provider: 'openai-compatible', api_key: CANARY } })).toMatch(/^malformed/)
  await studio.call('setting.set', { offline: true })
  expect(await ask({ kind: 'llm', block: { provider: 'openai-compatible' } })).toMatch(/^unavailable: .*offline mode/)
  expect(await ask({ kind: 'llm', block: { provider: 'rehearsal', model: 'instant' } })).toBe('')
  expect((await studio.call('provider.checks', {})).checks).toMatchObject([{ provider: 'rehearsal', ok: true }])
})

test('every provider that needs a key says which one is missing, and nobody is asked', async () => {
  const studio = shared
  const kinds = ['stt', 'llm', 'tts'] as const
  const all = kinds.flatMap((kind) => listProviders(kind).map((provider): Provider => provider))
  const asked = all.flatMap(({ kind, id, needs, base_url }) =>
    needs.kind === 'secret' && needsSecret(kind, id, base_url) ? [{ kind, id, base_url, secrets: needs.secrets }] : [],
  )
  expect(asked.length).toBeGreaterThan(10)
  for (const { kind, id, base_url, secrets } of asked) {
    for (const { reference } of secrets) vi.stubEnv(reference.replace('env:', ''), '')
    // A provider without an address of its own has no usual key either: whoever names the address names the key.
    const elsewhere = { base_url: 'https://api.no-such-provider.invalid/v1', api_key: secrets[0]?.reference ?? '' }
    const block = { provider: id, ...(base_url === undefined && elsewhere) }
    const { check } = await studio.call('provider.check', { kind, block })
    expect(check.steps, `${kind} ${id}`).toMatchObject([
      { step: 'key', ok: false, error: { message: expect.stringContaining(`${secrets[0]?.reference} is empty`) as string } },
    ])
  }
})

test('a check is cancelled by its job, and one whose process dies says so; neither is kept', async () => {
  const { server, block } = await startServer()
  const studio = shared
  const before = await studio.call('provider.checks', {})
  const input = { kind: 'llm', block: { ...block, model: 'hang' } } as const
  const hanging = async (job_id: string) => {
    const asked = server.requests.length
    const reply = studio.dispatch('provider.check', input, { job_id })
    await vi.waitUntil(() => server.requests.length > asked, { timeout: 30_000 })
    return { reply }
  }
  const first = await hanging('one')
  expect(await studio.call('job.cancel', { job_id: 'one' })).toEqual({ cancelled: true })
  expect(await first.reply).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  const second = await hanging('two')
  const { processes } = await studio.call('system.info', {})
  const gone = announced(studio, ({ type }) => type === 'processes.changed')
  process.kill(processes.find(({ kind }) => kind === 'session')!.pid, 'SIGKILL')
  await gone
  expect(await second.reply).toMatchObject({
    error: { code: 'runtime_failed', message: expect.stringContaining('SIGKILL') as string },
  })
  expect(await studio.call('provider.checks', {})).toEqual(before)
})

test('a key that is used in checks, and repeated by its provider, is found nowhere', async () => {
  const server = createServer((request, response) => {
    const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${request.headers.authorization}` } })
    response.writeHead(request.url?.includes('speech') ? 500 : 401, { 'content-type': 'application/json' }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  const logged: string[] = []
  const studio = await startStudio({ log: pino({ level: 'trace' }, { write: (line) => logged.push(line) }) })
  const seen: unknown[] = [await studio.host.dispatch(callerWith('admin'), 'secret.set', { name: 'mine', value: CANARY })]
  const block = { provider: 'openai-compatible', base_url, api_key: 'secret:mine', model: 'm' }
  for (const kind of ['llm', 'stt', 'tts'] as const) {
    const reply = await studio.dispatch('provider.check', { kind, block })
    expect(reply).toMatchObject({ ok: true, value: { check: { ok: false } } })
    seen.push(reply, await studio.dispatch('provider.models', { kind, block }))
  }
  seen.push(await studio.call('provider.checks', {}), studio.events)
  const names = await readdir(studio.dir, { recursive: true })
  const files = await Promise.all(names.map((name) => readFile(join(studio.dir, name), 'latin1').catch(() => '')))
  const places = { disk: files.join('\n'), log: logged.join('\n'), replies: JSON.stringify(seen) }
  for (const [place, text] of Object.entries(places))
    for (const disguise of [
      CANARY,
      Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
      Buffer.from(CANARY).toString('hex'),
    ])
      expect(text.includes(disguise), `the key is in: ${place}`).toBe(false)
})
