import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
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
const DISGUISES = [CANARY, btoa(CANARY).replace(/=+$/, ''), Buffer.from(CANARY).toString('hex')]

afterEach(() => vi.unstubAllEnvs())

/** A provider that knows the key and is careless with it: it repeats it in its refusal. */
async function startCarelessProvider() {
  const keys: string[] = []
  const server = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    keys.push(key)
    response.writeHead(401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, type: 'invalid_request_error' } }))
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
  const llm_config = { provider: 'openai-compatible', model: 'm', base_url: provider.base_url, api_key: 'secret:openai' }
  expect(await run('secret.set', { name: 'openai', value: CANARY })).toMatchObject({ ok: true })
  await run('secret.set', { name: 'not a name!', value: CANARY })
  await run('secret.list', { references: ['secret:openai', 'secret:none'] })
  expect(await run('agent.create', { source: { kind: 'document', content: { ...document, llm_config } } })).toMatchObject({
    ok: true,
  })
  expect(
    await run('agent.create', {
      source: { kind: 'document', content: { ...document, llm_config: { ...llm_config, api_key: CANARY } } },
    }),
  ).toMatchObject({ ok: false })

  const started = await run('session.start', { agent_id: 'ada', modality: 'text' })
  if (!started.ok) throw new Error(started.error.message)
  const { session_id } = started.value.session
  let tellFailed = () => {}
  const failed = new Promise<void>((resolve) => (tellFailed = resolve))
  const send = (message: { events: SessionEvent[] }) => {
    seen.push(message)
    if (message.events.some(({ type }) => type === 'session.error')) tellFailed()
  }
  const caller = callerWith('admin')
  const off = await studio.host.subscribeSession(caller, session_id, { attempt: 0, seq: 0 }, { send, bufferedBytes: () => 0 })
  await run('session.say', { session_id, text: 'Hello?' })
  await failed
  const shown = processesShown()
  await run('session.stop', { session_id })
  off()
  await run('session.journal', { session_id })
  await run('agent.get', { agent_id: 'ada' })
  await run('system.info', {})
  seen.push(studio.events)

  expect(provider.keys).toContain(CANARY)
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
