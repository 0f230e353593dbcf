import { once } from 'node:events'
import { createServer } from 'node:http'
import { Room } from '@livekit/rtc-node'
import { SignalRequest, SignalResponse } from '@livekit/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import type { ConnectionId } from '../../core/contract/connections.ts'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../livekit/testing/livekit-server.ts'
import { callerToken } from '../livekit/tokens.ts'
import { startHeaderRelay } from './testing/header-relay.ts'
import { serveTestStudio } from './testing/serve-test-studio.ts'

type Studio = Awaited<ReturnType<typeof serveTestStudio>>
let studio: Studio
let cookie: string

async function connectTo(url: string, name: string): Promise<ConnectionId> {
  const { body } = await studio.post(cookie, 'connection.save', JSON.stringify({ name, url }))
  return JSON.parse(body).connection_id
}
const page = () => ({ cookie, origin: studio.studio.origin })

async function refusal(socket: WebSocket): Promise<number> {
  socket.on('error', () => undefined)
  const [, reply] = await once(socket, 'unexpected-response')
  socket.terminate()
  return reply.statusCode
}

beforeAll(async () => {
  studio = await serveTestStudio()
  cookie = await studio.logIn()
})
afterAll(() => studio.close())

describe('what is let through', () => {
  const seen: { url: string; headers: Record<string, unknown> }[] = []
  const upstream = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers })
    response.setHeader('set-cookie', 'evil=1')
    response.setHeader('content-type', 'text/html')
    response.statusCode = 401
    response.end('<script>no permissions</script>')
  })
  let id: ConnectionId
  beforeAll(async () => {
    upstream.listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    const address = upstream.address()
    id = await connectTo(`ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/sfu`, 'Recorder')
  })
  afterAll(() => void upstream.close())

  test('a question reaches the stored server with its query, and nothing of the studio', async () => {
    const { origin } = studio.studio
    const answer = await studio.ask('GET', `/livekit/${id}/rtc/validate?access_token=t`, { cookie, origin, authorization: '' })
    expect([answer.status, answer.body]).toEqual([401, '<script>no permissions</script>'])
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(seen.at(-1)?.url).toBe('/sfu/rtc/validate?access_token=t')
    expect(seen.at(-1)?.headers).not.toHaveProperty('cookie')
    expect(seen.at(-1)?.headers).not.toHaveProperty('origin')
    expect(seen.at(-1)?.headers).not.toHaveProperty('authorization')
  })

  test('a refused upgrade is told with the status of the server', async () => {
    expect(await refusal(studio.socket(`/livekit/${id}/rtc?access_token=t`, page()))).toBe(401)
  })

  test.each([
    '/twirp/livekit.RoomService/ListRooms',
    '/',
    '/rtc/../twirp/x',
    '/rtc%2F..%2Fmetrics',
    '/rtc/v2',
    '/agent',
    '/rtc//validate',
  ])('%s never reaches it', async (path) => {
    const before = seen.length
    expect((await studio.ask('GET', `/livekit/${id}${path}`, page())).status).toBe(404)
    expect(await refusal(studio.socket(`/livekit/${id}${path}`, page()))).toBe(404)
    expect(seen).toHaveLength(before)
  })

  test('nobody else gets through: no login, another page, another name of this machine', async () => {
    const before = seen.length
    const path = `/livekit/${id}/rtc`
    expect(await refusal(studio.socket(path, { origin: studio.studio.origin }))).toBe(401)
    expect(await refusal(studio.socket(path, { cookie, origin: 'https://evil.example' }))).toBe(403)
    expect(await refusal(studio.socket(path, { cookie }))).toBe(403)
    expect(await refusal(studio.socket(path, { ...page(), host: 'evil.example' }))).toBe(403)
    expect((await studio.ask('GET', `${path}/validate`)).status).toBe(401)
    expect(seen).toHaveLength(before)
  })

  test('a connection that is not there is no address', async () => {
    expect((await studio.ask('GET', '/livekit/nowhere/rtc/validate', page())).status).toBe(404)
    expect(await refusal(studio.socket('/livekit/nowhere/rtc', page()))).toBe(404)
    expect(await refusal(studio.socket('/livekit/127.0.0.1:22/rtc', page()))).toBe(404)
  })

  test('a server that is away is said to be', async () => {
    const away = await connectTo('ws://127.0.0.1:59', 'Away')
    expect((await studio.ask('GET', `/livekit/${away}/rtc/validate`, page())).status).toBe(503)
    expect(await refusal(studio.socket(`/livekit/${away}/rtc`, page()))).toBe(502)
  })
})

describe.skipIf(noLiveKit())('with a real server', () => {
  let livekit: TestLiveKit
  beforeAll(async () => {
    livekit = await startLiveKit()
  })
  afterAll(() => livekit.close())
  const token = (identity: string) => callerToken(livekit, { room_name: 'through-the-host', identity })

  test('a room is joined through the host, and each side’s end ends the other', async () => {
    const id = await connectTo(livekit.url, 'Real')
    const socket = studio.socket(
      `/livekit/${id}/rtc?access_token=${await token('page')}&protocol=15&auto_subscribe=1&sdk=js`,
      page(),
    )
    const [first] = await once(socket, 'message')
    const { message } = SignalResponse.fromBinary(first)
    expect(message.case === 'join' && message.value.participant?.identity).toBe('page')

    socket.send(new SignalRequest({ message: { case: 'pingReq', value: { timestamp: 1n, rtt: 0n } } }).toBinary())
    for (;;) {
      const [data] = await once(socket, 'message')
      if (SignalResponse.fromBinary(data).message.case === 'pongResp') break
    }
    const closed = once(socket, 'close')
    await livekit.restart()
    await closed
  })

  test('a client of LiveKit’s own joins by the path alone, and again after the studio was started anew', async () => {
    const id = await connectTo(livekit.url, 'Real again')
    const join = async () => {
      const room = new Room()
      // A native client is no browser: a relay in front asks as one would, with the page's cookie.
      const relay = await startHeaderRelay(new URL(studio.studio.origin).host, page)
      await room.connect(`${relay.url}/livekit/${id}`, await token('native'), { autoSubscribe: true, dynacast: false })
      const { isConnected } = room
      await room.disconnect()
      relay.close()
      return isConnected
    }
    expect(await join()).toBe(true)
    const { dir } = studio
    const { origin } = studio.studio
    await studio.studio.close()
    studio = await serveTestStudio(dir)
    expect(studio.studio.origin).toBe(origin)
    expect(await join()).toBe(true)
  })
})
