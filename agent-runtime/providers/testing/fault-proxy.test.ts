import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Fault } from './fault.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

let proxy: FaultProxy
const sound = 'UklGRg'.repeat(30)
const well = createServer((request, response) => {
  if (request.url === '/v1/sound') {
    response.writeHead(200, { 'content-type': 'audio/pcm;rate=24000' })
    return void response.end(Buffer.from(new Int16Array(4800).buffer))
  }
  if (request.url === '/v1/json') {
    response.writeHead(200, { 'content-type': 'application/json' })
    return void response.end(JSON.stringify({ sample_rate: 24000, audio: sound }))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: {"n": 1}\n\n')
  setTimeout(() => response.end('data: {"n": 2}\n\ndata: [DONE]\n\n'), 10)
})
const sockets = new WebSocketServer({ server: well })
sockets.on('connection', (socket, { url }) =>
  socket.on('message', (data: Buffer, binary) => {
    socket.send(`${url} ${data.toString('hex')}`)
    socket.send(data, { binary })
    socket.send(JSON.stringify({ sample_rate: 16000, audio: sound }))
    socket.close(1000)
  }),
)

beforeAll(async () => {
  well.listen(0, '127.0.0.1')
  await once(well, 'listening')
  const { port } = Object(well.address())
  proxy = await startFaultProxy(`http://127.0.0.1:${port}/v1`, { slow_ms: 40 })
})
afterEach(() => proxy.fault())
afterAll(async () => {
  await proxy.close()
  sockets.close()
  well.closeAllConnections()
  well.close()
})

const get = (path: string, patience_ms = 10_000) =>
  fetch(proxy.url + path, { headers: { authorization: 'Bearer sk-test-1' }, signal: AbortSignal.timeout(patience_ms) })
const text = async (path: string, patience_ms?: number) => (await get(path, patience_ms)).text()

test('a well server is passed through', async () => {
  expect(await text('/events')).toBe('data: {"n": 1}\n\ndata: {"n": 2}\n\ndata: [DONE]\n\n')
  expect((await (await get('/sound')).arrayBuffer()).byteLength).toBe(9600)
  await proxy.idle()
  expect(proxy.open()).toBe(0)
})

test('refused, and well again at the same address', async () => {
  await proxy.fault('refused')
  await expect(get('/events')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  await proxy.fault()
  expect(await text('/events')).toMatch(/DONE/)
})

test.each<[Fault, string]>([
  ['hang', 'TimeoutError'],
  ['silent', 'TimeoutError'],
  ['hang_midstream', 'TimeoutError'],
  ['drop_midstream', 'TypeError'],
])('%s', async (fault, name) => {
  await proxy.fault(fault)
  await expect(text('/events', name === 'TimeoutError' ? 60 : undefined)).rejects.toMatchObject({ name })
  await proxy.idle()
})

test('refusals repeat the key, and 429 says when to come back', async () => {
  await proxy.fault('status_401')
  const refused = await get('/events')
  expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('sk-test-1')])
  await proxy.fault('status_429')
  expect((await get('/events')).headers.get('retry-after')).toBe('7')
})

test('what comes is late, broken, at another rate or without sound', async () => {
  await proxy.fault('slow_first_byte')
  expect(await text('/events')).toMatch(/DONE/)
  await proxy.fault('garbage')
  expect(await text('/events')).toMatch(/hotel/)
  await proxy.fault('half_json')
  expect(await text('/events')).toMatch(/^data: \{"n": 1\}\n\ndata: \{?[^}]*\n\n$/)
  await expect(text('/json').then(JSON.parse)).rejects.toThrow(SyntaxError)
  await proxy.fault('wrong_sample_rate')
  const slower = await get('/sound')
  expect([slower.headers.get('content-type'), (await slower.arrayBuffer()).byteLength]).toEqual(['audio/pcm;rate=12000', 4800])
  expect(JSON.parse(await text('/json'))).toEqual({ sample_rate: 12000, audio: sound })
  await proxy.fault('empty_audio')
  expect((await (await get('/sound')).arrayBuffer()).byteLength).toBe(0)
  expect(JSON.parse(await text('/json'))).toEqual({ sample_rate: 24000, audio: '' })
})

/** What a client of the WebSocket sees until it is over: texts, lengths of binary messages, how it ended. */
async function talk(end?: (socket: WebSocket) => void): Promise<(string | number)[]> {
  const socket = new WebSocket(`${proxy.ws_url}/live?token=sk-test-2`)
  const seen: (string | number)[] = []
  socket.on('open', () => {
    socket.send(Buffer.from(new Int16Array(8).buffer))
    end?.(socket)
  })
  socket.on('message', (data: Buffer, binary) => seen.push(binary ? data.length : data.toString('utf8')))
  socket.on('error', ({ message }) => seen.push(message))
  const code = await new Promise<number>((resolve) => socket.on('close', resolve))
  await proxy.idle()
  return [...seen, `closed ${code}`]
}

test('a WebSocket is passed through, and has faults of its own', async () => {
  const json = JSON.stringify({ sample_rate: 16000, audio: sound })
  const path = expect.stringContaining('/v1/live?token=sk-test-2')
  expect(await talk()).toEqual([path, 16, json, 'closed 1000'])
  await proxy.fault('slow_first_byte')
  expect(await talk()).toEqual([path, 16, json, 'closed 1000'])
  await proxy.fault('wrong_sample_rate')
  expect(await talk()).toEqual([path, 8, JSON.stringify({ sample_rate: 8000, audio: sound }), 'closed 1000'])
  await proxy.fault('empty_audio')
  expect(await talk()).toEqual([path, JSON.stringify({ sample_rate: 16000, audio: '' }), 'closed 1000'])
  await proxy.fault('drop_midstream')
  expect(await talk()).toEqual([path, 'closed 1006'])
  await proxy.fault('status_402')
  expect(await talk()).toEqual(['Unexpected server response: 402', 'closed 1006'])
  await proxy.fault('garbage')
  expect((await talk())[0]).toMatch(/hotel/)
  await proxy.fault('silent')
  expect(await talk((socket) => setTimeout(() => socket.terminate(), 30))).toEqual(['closed 1006'])
  await proxy.fault('hang')
  const hanging = new WebSocket(`${proxy.ws_url}/live`, { handshakeTimeout: 30 })
  expect(await new Promise<Error>((resolve) => hanging.on('error', resolve))).toHaveProperty(
    'message',
    expect.stringMatching(/timed out/),
  )
  await proxy.idle()
})
