import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { v7 } from 'uuid'
import { SessionId, TenantId } from '../../core/contract/ids.ts'
import { childEnvironment } from './child-environment.ts'
import { createRuntime } from './runtime.ts'

const preload = fileURLToPath(new URL('./guard-preload.ts', import.meta.url))

/** Asks by every way that Node has; prints what each answered. */
const PROGRAM = `
  import http from 'node:http'; import https from 'node:https'; import net from 'node:net'; import tls from 'node:tls'; import dgram from 'node:dgram'
  const { WebSocket } = await import(${JSON.stringify(import.meta.resolve('ws'))})
  const [host, port] = process.argv.slice(1)
  const told = async (work) => { try { await work(); return 'open' } catch (e) { return (e.cause ?? e).code ?? String(e) } }
  const event = (emitter, name) => new Promise((ok, no) => { emitter.once(name, ok); emitter.once('error', no) })
  const led = (answer) => (name, o, done) => done(null, o.all ? [{ address: answer, family: 4 }] : answer, 4)
  const ways = {
    fetch: () => fetch('http://' + host + ':' + port),
    http: () => event(http.get({ host, port }), 'response'),
    https: () => event(https.get({ host, port, rejectUnauthorized: false }), 'response'),
    net: () => event(net.connect(Number(port), host), 'connect'),
    tls: () => event(tls.connect({ host, port: Number(port), rejectUnauthorized: false }), 'secureConnect'),
    ws: () => event(new WebSocket('ws://' + host + ':' + port), 'open'),
    'by default': () => event(net.connect(Number(port)), 'connect'),
    localhost: () => fetch('http://localhost:' + port),
    'as a number': () => fetch('http://2130706433:' + port),
    mapped: () => event(net.connect(Number(port), '::ffff:127.0.0.1'), 'connect'),
    'a name that leads within': () => event(http.get({ host: 'public.test', port, lookup: led(host) }), 'response'),
    'a name and one address': () => event(net.connect({ host: 'public.test', port, autoSelectFamily: false, lookup: led(host) }), 'connect'),
    udp: async () => { const s = dgram.createSocket('udp4'); try { s.send('x', Number(port), host) } finally { s.close() } },
    'udp by default': async () => { const s = dgram.createSocket('udp4'); try { s.send('x', Number(port)) } finally { s.close() } },
  }
  for (const [name, way] of Object.entries(ways)) console.log(name + ': ' + (await told(way)))
  const path = process.env.TMPDIR + '/guard-' + process.pid
  const server = net.createServer((s) => s.end()).listen(path)
  await event(server, 'listening')
  console.log('engines: ' + (await told(() => event(net.connect(path), 'connect'))))
  process.exit(0)
`

test('no way of Node leads inside, and sockets of the file system stay open', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => (asked.push(request.url ?? ''), response.end('ok'))).listen(0, '127.0.0.1')
  server.on('connection', () => asked.push('connection'))
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const port = String((server.address() as AddressInfo).port)
  const run = async (environment: NodeJS.ProcessEnv) => {
    const args = ['--import', preload, '--input-type=module', '-e', PROGRAM, '127.0.0.1', port]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { TMPDIR: '/tmp', ...environment } })
    return stdout.trim().split('\n')
  }

  const answers = await run(childEnvironment(process.env, false, undefined, 'public'))
  expect(answers.pop()).toBe('engines: open')
  expect(answers).toHaveLength(14)
  for (const answer of answers) expect(answer).toMatch(/: EREFUSEDADDRESS$/)
  expect(asked).toEqual([])

  // An admin of the server allows this network to all.
  const allowed = await run(
    childEnvironment({ ...process.env, GREENROOM_ALLOWED_ADDRESSES: '127.0.0.0/8' }, false, undefined, 'public'),
  )
  expect(allowed.filter((answer) => answer.endsWith(': open')).length).toBeGreaterThan(8)
  expect(asked).toContain('/')
})

test('behind a proxy nobody sees where a call leads, so that a guarded process has none', () => {
  const environment = { PATH: '/bin', https_proxy: 'http://10.0.0.9', HTTPS_PROXY: 'http://10.0.0.9', NODE_USE_ENV_PROXY: '1' }
  expect(childEnvironment(environment, false)).toMatchObject(environment)
  const guarded = childEnvironment(environment, false, undefined, 'public')
  expect(guarded).toEqual({ PATH: '/bin', GREENROOM_REACH: 'public', GREENROOM_HOST: String(process.pid) })
})

test('calls share a process only with those that may reach the same, and with nobody where their tenant wants its own', async () => {
  const runtime = createRuntime({
    log: pino({ level: 'silent' }),
    sessionsPerProcess: () => 10,
    entries: { 'session-process': fileURLToPath(new URL('./testing/fake-session-process.ts', import.meta.url)) },
  })
  onTestFinished(() => runtime.close())
  const listener = { onMessage: () => undefined, onGone: () => undefined }
  const acquire = (reach: 'public' | 'anywhere', tenant?: string) =>
    runtime.sessions.acquire(SessionId.parse(v7()), listener, {
      reach,
      ...(tenant !== undefined && { tenant_id: TenantId.parse(tenant) }),
    })
  const slots = await Promise.all([
    ...[acquire('anywhere'), acquire('public'), acquire('public'), acquire('public', 'a'), acquire('public', 'a')],
    ...[acquire('public', 'b'), acquire('anywhere', 'b')],
  ])
  const [open, first, second, a, again, b, elsewhere] = slots.map(({ pid }) => pid)
  expect(first).toBe(second)
  expect(a).toBe(again)
  expect(new Set([open, first, a, b, elsewhere]).size).toBe(5)
})
