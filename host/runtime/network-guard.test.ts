import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { isLoopback } from './network-guard.ts'
import { proxiesHere } from './proxies-here.ts'

test('only what surely stays on this machine is loopback', () => {
  for (const host of ['', 'localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])
    expect(isLoopback(host)).toBe(true)
  for (const host of [
    'example.com',
    '10.0.0.1',
    '192.168.0.2',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '::2',
    '0.0.0.0',
  ])
    expect(isLoopback(host), host).toBe(false)
})

const preload = fileURLToPath(new URL('./guard-preload.ts', import.meta.url))
const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')

/** Asks by every way that Node has; prints what each answered. */
const PROGRAM = `
  import http from 'node:http'; import https from 'node:https'; import net from 'node:net'; import tls from 'node:tls'; import dgram from 'node:dgram'; import dns, { lookup } from 'node:dns'; import { channel } from 'node:diagnostics_channel'
  const { WebSocket } = await import(${JSON.stringify(import.meta.resolve('ws'))})
  const [host, port] = process.argv.slice(1)
  const told = async (work) => work().then(() => 'open', (e) => (e.cause ?? e).code ?? String(e))
  const event = (emitter, name) => new Promise((ok, no) => { emitter.once(name, ok); emitter.once('error', no) })
  const ways = {
    fetch: () => fetch('http://' + host + ':' + port),
    http: () => event(http.get({ host, port, path: '/asked?x=1' }), 'response'),
    https: () => event(https.get({ host, port, path: '/asked' }), 'response'),
    net: () => event(net.connect(Number(port), host), 'connect'),
    tls: () => event(tls.connect({ host, port: Number(port), rejectUnauthorized: false }), 'secureConnect'),
    ws: () => event(new WebSocket('ws://' + host + ':' + port), 'open'),
    'no path': () => event(net.connect({ host, port: Number(port), path: '' }), 'connect'),
    'a name': () => new Promise((ok, no) => lookup('example.com', (e) => (e ? no(e) : ok()))),
    'a name of mail': () => dns.promises.resolveMx('example.com'),
    'led away': () => event(net.connect({ host: 'elsewhere.localhost', port: Number(port), lookup: (name, o, done) => done(null, o.all ? [{ address: host, family: 4 }] : host, 4) }), 'connect'),
    udp: async () => { const s = dgram.createSocket('udp4'); try { s.send('x', Number(port), host) } finally { s.close() } },
  }
  for (const [name, way] of Object.entries(ways)) console.log(name, await told(way))
  channel('greenroom.offline').publish({ on: false })
  console.log('online again', await told(ways.fetch))
  if (host === '127.0.0.1') process.exit(0)
  const held = net.connect(Number(port), host)
  await event(held, 'connect')
  const cut = told(() => event(held, 'end'))
  channel('greenroom.offline').publish({ on: true })
  console.log('held', await cut)
  process.exit(0)
`

test.skipIf(!outside)(
  'a real server at an address of this machine that is not loopback is never reached while offline',
  async () => {
    const asked: string[] = []
    const server = createServer((request, response) => (asked.push(request.url ?? ''), response.end('ok'))).listen(0, '0.0.0.0')
    server.on('connection', ({ remoteAddress }) => asked.push(`connection from ${remoteAddress ?? ''}`))
    const beyond = expect.not.stringMatching(/127\.0\.0\.1/) as string
    await once(server, 'listening')
    const port = String((server.address() as AddressInfo).port)
    const run = (host: string) =>
      promisify(execFile)(process.execPath, ['--import', preload, '--input-type=module', '-e', PROGRAM, host, port], {
        env: { ...process.env, GREENROOM_OFFLINE: '1' },
      })

    const { stdout } = await run(outside?.address ?? '')
    const refused = ['fetch', 'http', 'https', 'net', 'tls', 'ws', 'no path', 'a name', 'a name of mail'].map(
      (way) => `${way} EOFFLINE`,
    )
    // It leads to this machine itself, where the server is too.
    const here = ['led away open', 'udp EOFFLINE']
    expect(stdout.trim().split('\n')).toEqual([...refused, ...here, 'online again open', 'held EOFFLINE'])
    expect(asked).toEqual([expect.stringMatching(/^connection from .*127\.0\.0\.1$/), beyond, '/', beyond])

    const loopback = await run('127.0.0.1')
    expect(loopback.stdout).toContain('fetch open')
    server.closeAllConnections()
    server.close()
  },
)

test('a proxy on this machine is no way out, where Node would take it', () => {
  const named = { HTTPS_PROXY: 'http://127.0.0.1:3128', http_proxy: 'http://localhost' }
  expect(proxiesHere(named, [])).toEqual(new Set())
  expect(proxiesHere({ ...named, NODE_USE_ENV_PROXY: '1' }, [])).toEqual(new Set(['127.0.0.1:3128', 'localhost:80']))
})
