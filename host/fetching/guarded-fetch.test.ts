import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'
import type { LookUp } from './checked-lookup.ts'
import { createGuardedFetch } from './guarded-fetch.ts'

/** Linux has all of 127.0.0.0/8, so that one address of it can stand for the world and another one for the network within. */
const PUBLIC = '127.0.0.2'
const PRIVATE = '127.0.0.1'
const hasBoth = process.platform === 'linux'
const rule = createAddressRule([`${PUBLIC}/32`])

/** A real server of names: answers each question with the next of its addresses, or with the last one. */
async function startNames(names: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const labels: string[] = []
    let at = 12
    for (let size = question[at] ?? 0; size > 0; size = question[at] ?? 0) {
      labels.push(question.subarray(at + 1, at + 1 + size).toString())
      at += size + 1
    }
    const name = labels.join('.')
    const isIPv4 = question.readUInt16BE(at + 1) === 1
    const known = isIPv4 ? (names[name] ?? []) : []
    const answer = known[Math.min(asked.filter((one) => one === name).length, known.length - 1)]
    if (isIPv4) asked.push(name)
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(answer === undefined ? 0x8183 : 0x8180, 2)
    const count = answer?.split('+') ?? []
    header.writeUInt16BE(count.length, 6)
    header.fill(0, 8)
    const records = count.map((ip) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...ip.split('.').map(Number)]))
    socket.send(Buffer.concat([header, question.subarray(12, at + 5), ...records]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  const lookUp: LookUp = (name, _options, done) =>
    resolver.resolve4(name, (error, found) =>
      done(
        error,
        (error ? [] : found).map((address) => ({ address, family: 4 })),
      ),
    )
  return { asked, lookUp }
}

async function startServer(host: string, answer: (request: IncomingMessage, response: ServerResponse) => void, port = 0) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host ?? ''}${request.url ?? ''}`)
    answer(request, response)
  }).listen(port, host)
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  return { asked, port: (server.address() as AddressInfo).port }
}

const ok = (_: IncomingMessage, response: ServerResponse) => void response.end('hello')
const ask = () => ({ signal: AbortSignal.timeout(10_000) })

test('only what is plainly public is public, in whatever way it is written', () => {
  const all = createAddressRule()
  for (const address of [
    ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['100.100.100.200', '192.0.0.192', '168.63.129.16', '0.0.0.0', '255.255.255.255', '224.0.0.1', '240.0.0.1', '198.18.0.1'],
    ...['::', '::1', '[::1]', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2001:db8::1', '100::1'],
    ...[
      '::ffff:10.0.0.1',
      '::ffff:a00:1',
      '::10.0.0.1',
      '64:ff9b::10.0.0.1',
      '64:ff9b:1::808:808',
      '2002:a00:1::',
      '2002:808:808::',
    ],
    ...[
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
      '::ffff:0:10.0.0.1',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '127.1',
      'localhost',
      '',
    ],
  ])
    expect(all(address), address).toEqual(expect.any(String))
  for (const address of ['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '64:ff9b::8.8.8.8', '::ffff:8.8.8.8', '[2606:4700::1]'])
    expect(all(address), address).toBeUndefined()
  const some = createAddressRule(['10.1.0.0/16', 'fd12::/48', '192.168.7.7'])
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::9', '192.168.7.7']) expect(some(address), address).toBeUndefined()
  for (const address of ['10.2.0.1', 'fd13::9', '192.168.7.8']) expect(some(address), address).toEqual(expect.any(String))
  expect(() => createAddressRule(['10.0.0.0/99'])).toThrow()
})

test('addresses of the server itself are refused before anything is asked, however they are spelled', async () => {
  const { asked, port } = await startServer(PRIVATE, ok)
  const fetch = createGuardedFetch({ rule })
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '0',
    'localhost',
    '127.0.0.1.',
  ])
    await expect(fetch(`http://${host}:${port}/`, ask()), host).rejects.toThrow('may not reach')
  for (const address of [
    'ftp://example.com/',
    'file:///etc/passwd',
    'http://a:b@example.com/',
    'nonsense',
    'http://example.com:22/',
    'http://example.com:6667/',
  ])
    await expect(fetch(address, ask()), address).rejects.toMatchObject({ code: 'malformed' })
  expect(asked).toEqual([])
})

test.skipIf(!hasBoth)('a name leads where it led when it was checked: it is looked up once for each connection', async () => {
  const names = await startNames({
    'good.test': [PUBLIC],
    'rebound.test': [PUBLIC, PRIVATE],
    'inner.test': [PRIVATE],
    'both.test': [`${PUBLIC}+${PRIVATE}`],
  })
  const outside = await startServer(PUBLIC, ok)
  const inside = await startServer(PRIVATE, ok, outside.port)
  const fetch = createGuardedFetch({ rule, lookUp: names.lookUp })
  const at = (name: string) => fetch(`http://${name}:${outside.port}/x`, ask())

  expect(await at('good.test')).toMatchObject({ status: 200, body: Buffer.from('hello') })
  expect(outside.asked).toEqual([`good.test:${outside.port}/x`])
  expect(await at('rebound.test')).toMatchObject({ status: 200 })
  expect(names.asked.filter((name) => name === 'rebound.test')).toHaveLength(1)
  await expect(at('rebound.test')).rejects.toThrow('may not reach')
  await expect(at('inner.test')).rejects.toThrow('may not reach')
  await expect(at('both.test')).rejects.toThrow('may not reach')
  await expect(at('none.test')).rejects.toThrow('ENOTFOUND')
  expect(inside.asked).toEqual([])
  expect(outside.asked).toHaveLength(2)
})

test.skipIf(!hasBoth)('each hop of a redirect is checked, and takes no credentials to another server', async () => {
  const names = await startNames({ 'a.test': [PUBLIC], 'b.test': [PUBLIC], 'inner.test': [PRIVATE] })
  const seen: unknown[] = []
  const outside = await startServer(PUBLIC, (request, response) => {
    const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to')
    seen.push(request.headers.authorization)
    if (to === null) response.end('there')
    else response.writeHead(302, { location: to }).end()
  })
  const inside = await startServer(PRIVATE, ok, outside.port)
  const fetch = createGuardedFetch({ rule, lookUp: names.lookUp })
  const { port } = outside
  const go = (to: string, redirects = 3) =>
    fetch(`http://a.test:${port}/?to=${encodeURIComponent(to)}`, { ...ask(), headers: { authorization: 'Bearer x' }, redirects })

  expect(await go(`http://b.test:${port}/`)).toMatchObject({ status: 200, body: Buffer.from('there') })
  expect(await go('/')).toMatchObject({ status: 200 })
  expect(seen).toEqual(['Bearer x', undefined, 'Bearer x', 'Bearer x'])
  expect(await go(`http://b.test:${port}/`, 0)).toMatchObject({ status: 302 })
  for (const to of [
    `http://127.0.0.1:${port}/`,
    `http://inner.test:${port}/`,
    `http://2130706433:${port}/`,
    `http://[::1]:${port}/`,
  ])
    await expect(go(to), to).rejects.toThrow('may not reach')
  await expect(go('file:///etc/passwd')).rejects.toMatchObject({ code: 'malformed' })
  expect(inside.asked).toEqual([])
})

test.skipIf(!hasBoth)('an answer without an end is cut, and one that does not come is given up', async () => {
  const { port } = await startServer(PUBLIC, (request, response) => {
    if (request.url === '/silent') return
    response.on('error', () => undefined)
    const write = (): void => void (response.write('x'.repeat(10_000)) ? setImmediate(write) : response.once('drain', write))
    write()
  })
  const fetch = createGuardedFetch({ rule, most_bytes: 5_000 })
  expect((await fetch(`http://${PUBLIC}:${port}/`, ask())).body).toHaveLength(5_000)
  const given = new AbortController()
  const silent = fetch(`http://${PUBLIC}:${port}/silent`, { signal: given.signal })
  given.abort(new Error('enough'))
  await expect(silent).rejects.toThrow('enough')
})
