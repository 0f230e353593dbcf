import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { InputOf, OperationName } from '../../core/contract/index.ts'
import { callerWith, startTestHost } from '../testing/start-test-host.ts'
import { document } from '../sessions/testing/document.ts'

const CANARY = 'sk-canary-4be91f07aa63'
/** Of a second choice; it comes from a `.env` file. */
const SECOND = 'gsk_canary_8fd27716cc0e41'
const DISGUISES = [CANARY, SECOND].flatMap((key) => [key, btoa(key).replace(/=+$/, ''), Buffer.from(key).toString('hex')])

afterEach(() => vi.unstubAllEnvs())

/** Where a refusal can repeat the key that it is about. */
const CARELESS: readonly ((key: string, response: ServerResponse) => void)[] = [
  (key, response) =>
    json(response, 401, { error: { message: `Incorrect API key provided: ${key}`, type: 'invalid_request_error' } }),
  (key, response) => json(response, 401, { detail: [{ msg: `Bearer ${key}`, input: key }] }),
  (key, response) => void response.writeHead(403, `No ${key}`, { 'content-type': 'text/plain' }).end(`Forbidden: ${key}`),
  (key, response) => void response.writeHead(401, { 'www-authenticate': `Bearer error="${key}"` }).end(`<h1>${key}</h1>`),
  (key, response) => json(response, 500, { error: `{"authorization":"Bearer ${key}"}` }),
  (key, response) =>
    void response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(`data: {"error":{"message":"key ${key} has no credit"}}\n\n`),
]

const json = (response: ServerResponse, status: number, body: object) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** A provider that knows the key and is careless with it: each refusal repeats it in another way. */
async function startCarelessProvider() {
  const keys: string[] = []
  const server = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    request.resume()
    CARELESS[keys.push(key) % CARELESS.length]?.(key, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return { keys, base_url, close: () => (server.closeAllConnections(), server.close()) }
}

async function everythingOnDisk(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const files = await Promise.all(names.map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0))))
  return files.map((bytes) => bytes.toString('latin1')).join('\n')
}

/** Environment and arguments of everything that this process has started; where the system shows them. */
function processesShown(): string {
  if (process.platform !== 'linux') return ''
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const read = (path: string) => {
    try {
      return readFileSync(path, 'latin1')
    } catch {
      return '' // ended meanwhile, or another user's
    }
  }
  return ids.map((id) => read(`/proc/${id}/environ`) + read(`/proc/${id}/cmdline`)).join('\n')
}

test('a key that is used in a call, and repeated by its provider, is found nowhere', async () => {
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  const provider = await startCarelessProvider()
  const logged: string[] = []
  const studio = await startTestHost({ log: pino({ level: 'trace' }, { write: (line) => logged.push(line) }) })
  const seen: unknown[] = []
  const run = async <Name extends OperationName>(name: Name, input: InputOf<Name>) => {
    const reply = await studio.host.dispatch(callerWith('admin'), name, input)
    seen.push(reply)
    return reply
  }
  const block = { provider: 'openai-compatible', model: 'm', base_url: provider.base_url, api_key: 'secret:openai' }
  const second = { ...block, model: 'second', api_key: 'secret:GROQ_API_KEY' }
  const llm_config = { ...block, fallbacks: [second] }
  expect(await run('secret.set', { name: 'openai', value: CANARY })).toMatchObject({ ok: true })
  await run('secret.set', { name: 'not a name!', value: CANARY })
  const text = `# keys\nexport GROQ_API_KEY="${SECOND}"\nNOT A LINE ${SECOND}\n`
  await run('secret.preview_env', { text })
  expect(await run('secret.import_env', { text })).toMatchObject({ ok: true, value: { stored: ['GROQ_API_KEY'] } })
  await run('secret.list', { references: ['secret:openai', 'secret:none'] })
  expect(await run('agent.create', { source: { kind: 'document', content: { ...document, llm_config } } })).toMatchObject({
    ok: true,
  })
  expect(
    await run('agent.create', {
      source: { kind: 'document', content: { ...document, llm_config: { ...llm_config, api_key: CANARY } } },
    }),
  ).toMatchObject({ ok: false })

  for (const kind of ['stt', 'llm', 'tts'] as const) {
    for (const one of [block, second]) {
      // Once for each way of being careless that a check or a list may meet.
      for (let times = 0; times < 2; times++) await run('provider.check', { kind, block: one })
      expect(await run('provider.models', { kind, block: one })).toMatchObject({ ok: false })
    }
  }
  await run('provider.checks', {})
  await run('price.set', { kind: 'llm', provider: 'openai-compatible', model: 'm' })
  await run('price.list', {})
  const rehearsed = await run('session.start', { agent_id: 'ada', modality: 'text', what_if: { llm: 'gpt-4.1' } })
  if (rehearsed.ok) await run('session.stop', { session_id: rehearsed.value.session.session_id })

  const started = await run('session.start', { agent_id: 'ada', modality: 'text' })
  if (!started.ok) throw new Error(started.error.message)
  const { session_id } = started.value.session
  let turns = 0
  let tellFailed = () => {}
  const failed = new Promise<void>((resolve) => (tellFailed = resolve))
  const send = (message: { events: SessionEvent[] }) => {
    seen.push(message)
    turns += message.events.filter(({ type }) => type === 'turn.committed').length
    if (turns >= CARELESS.length) tellFailed()
  }
  const caller = callerWith('admin')
  const off = await studio.host.subscribeSession(caller, session_id, { attempt: 0, seq: 0 }, { send, bufferedBytes: () => 0 })
  for (let line = 1; line <= CARELESS.length; line++) await run('session.say', { session_id, text: `Hello? ${line}` })
  await failed
  const shown = processesShown()
  await run('session.stop', { session_id })
  off()
  await run('session.journal', { session_id })
  await run('agent.get', { agent_id: 'ada' })
  expect(await run('bundle.export', { agent_id: 'ada', to: { kind: 'download' } })).toMatchObject({ ok: true })
  await run('system.info', {})
  seen.push(studio.events)

  expect(new Set(provider.keys)).toEqual(new Set([CANARY, SECOND]))
  expect(JSON.stringify(seen)).toContain('provider.fallback')
  const places = {
    disk: await everythingOnDisk(studio.dir),
    log: logged.join('\n'),
    replies: JSON.stringify(seen),
    processes: shown,
  }
  for (const [place, text] of Object.entries(places)) {
    for (const disguise of DISGUISES) expect(text.includes(disguise), `the key is in: ${place}`).toBe(false)
  }
  await studio.close()
  provider.close()
})
