import { once } from 'node:events'
import { createServer as createHttp, request, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp, type Server as TcpServer } from 'node:net'
import { RoomServiceClient } from 'livekit-server-sdk'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ConnectionId, type Connection, type ConnectionCheck, type ConnectionStep } from '../../../core/contract/connections.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { LiveConnection } from '../../livekit/live-connection.ts'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../../livekit/testing/livekit-server.ts'
import { callerWith, startTestHost } from '../../testing/start-test-host.ts'
import { createCheckConnection } from './check-connection.ts'
import { tryMediaInProcess, type TryMedia } from './media-step.ts'

const id = ConnectionId.parse('tested')
type Options = Readonly<{
  api_key?: string
  api_secret?: string
  missing?: boolean
  tryMedia?: TryMedia
  now?: () => number
  signal?: AbortSignal
}>
const told: ConnectionStep[] = []

/** The connection to `url` as its test sees it. */
async function check(url: string | undefined, options: Options = {}): Promise<ConnectionCheck> {
  const { api_key = 'key', api_secret = 'secret-secret-secret-secret-secret', missing, now = Date.now } = options
  const shown: Connection = {
    connection_id: id,
    name: 'Tested',
    source: 'own',
    serve: false,
    automatic: false,
    has_keys: !missing,
  }
  const live: LiveConnection = { ...shown, key: shown.connection_id, url: url ?? '', api_key, api_secret }
  told.length = 0
  const run = createCheckConnection({
    connections: {
      find: async () => ({ ...shown, ...(url !== undefined && { url }) }),
      resolve: async () => {
        if (missing) throw new StudioError('unavailable', 'The key env:NOPE is not set.', 'Set it.')
        return live
      },
    },
    tryMedia: options.tryMedia ?? tryMediaInProcess(),
    now,
  })
  const signal = options.signal ?? new AbortController().signal
  return run(callerWith('developer'), id, { signal, onStep: (step) => told.push(step) })
}

/** Passes questions on to the server at `url`, and knows nothing of WebSockets; its answer's date is shifted. */
const plainProxy = (url: string, shift_s = 0) =>
  http((asked, response) => {
    const { hostname, port } = new URL(url)
    const passed = request({ hostname, port, path: asked.url }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, { ...reply.headers, date: new Date(Date.now() + shift_s * 1000).toUTCString() })
      reply.pipe(response)
    })
    passed.on('error', () => response.destroy())
    passed.end()
  })

/** The step that did not go well, and what it said. */
const problem = ({ steps }: ConnectionCheck) => {
  const step = steps.find(({ state }) => state === 'failed' || state === 'warning')
  return step && `${step.step} ${step.state}: ${step.detail} ${step.hint ?? ''}`
}

const servers: (Server | TcpServer)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
})
async function listen(server: Server | TcpServer): Promise<string> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}
const http = (answer: RequestListener) => listen(createHttp(answer))

describe('servers that are none, or misbehave', () => {
  test('no address', async () => {
    expect(problem(await check(undefined))).toContain('address failed')
  })
  test('a name that nobody knows', async () => {
    expect(problem(await check('wss://no-such-name.invalid'))).toMatch(
      /reach failed: The name no-such-name\.invalid is not known/,
    )
  })
  test('a port where nothing listens', async () => {
    expect(problem(await check('ws://127.0.0.1:59'))).toContain('reach failed: Nothing listens at 127.0.0.1:59')
  })
  test('one that hangs up', async () => {
    const at = await listen(createTcp((socket) => socket.destroy()))
    expect(problem(await check(`ws://${at}`))).toMatch(/reach failed: .*hangs up.*wss:/)
  })
  test('one that hangs', async () => {
    const at = await listen(createTcp(() => undefined))
    expect(problem(await check(`ws://${at}`))).toMatch(/reach failed: .*does not answer within/)
  })
  test('a certificate that nobody vouches for', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    })
    const at = await listen(createHttps({ key, cert }, (_, response) => response.end('OK')))
    expect(problem(await check(`wss://${at}`))).toMatch(/reach failed: The certificate of .*self-signed/)
  })
  test('wss:// where no TLS is', async () => {
    const at = await http((_, response) => response.end('OK'))
    expect(problem(await check(`wss://${at}`))).toMatch(/reach failed: .*does not speak TLS.*ws:/)
  })
  test('another kind of server, also one that wants a login everywhere', async () => {
    const at = await http((_, response) => response.setHeader('content-type', 'text/html').end('<h1>It works</h1>'))
    expect(problem(await check(`ws://${at}`))).toMatch(/livekit failed: .*not LiveKit \(HTTP 200, text\/html\)/)
    const closed = await http((_, response) => response.writeHead(401).end('who are you?'))
    expect(problem(await check(`ws://${closed}`))).toMatch(/livekit failed: .*not LiveKit \(HTTP 401/)
    expect(told.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'address ok',
      'reach ok',
      'livekit failed',
      'clock skipped',
      'keys skipped',
      'version skipped',
      'join skipped',
      'media skipped',
    ])
  })
  test('LiveKit that is not ready', async () => {
    const at = await http((_, response) => response.writeHead(406).end('Not Ready. Node Updated At 1970'))
    expect(problem(await check(`ws://${at}`))).toContain('livekit failed: This is LiveKit, but it says that it is not ready')
  })
  test('an old server is told by what it cannot do', async () => {
    const { versionStep } = await import('./join-steps.ts')
    const found = { step: { state: 'ok', detail: '' } } as const
    expect(versionStep({ found, version: '1.7.2' }).step).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching(/1\.7\.2 is too old for: text streams .* from 1\.8\.3 on/),
    })
    expect(versionStep({ found, version: '1.11.0' }).step.state).toBe('ok')
  })
  test('cancelled, it ends at once', async () => {
    const at = await listen(createTcp(() => undefined))
    const cancel = new AbortController()
    const result = check(`ws://${at}`, { signal: cancel.signal })
    while (told.length === 0) await new Promise((resolve) => setImmediate(resolve))
    cancel.abort(new Error('enough'))
    await expect(result).rejects.toThrow('enough')
  })
})

describe.skipIf(noLiveKit())('with a real server', () => {
  let livekit: TestLiveKit
  beforeAll(async () => {
    livekit = await startLiveKit()
  })
  afterAll(() => livekit.close())
  const keys = () => ({ api_key: livekit.api_key, api_secret: livekit.api_secret })

  test('everything well: version, round trip and way of the media; nothing is left on it', async () => {
    const result = await check(livekit.url, keys())
    expect(problem(result)).toBeUndefined()
    expect(result).toMatchObject({
      ok: true,
      server_version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      round_trip_ms: expect.any(Number),
      transport: 'udp',
    })
    expect(result.steps.map(({ step }) => step)).toEqual([
      'address',
      'reach',
      'livekit',
      'clock',
      'keys',
      'version',
      'join',
      'media',
    ])
    expect(told).toEqual(result.steps)
    const rooms = new RoomServiceClient(livekit.url.replace('ws', 'http'), livekit.api_key, livekit.api_secret)
    expect(await rooms.listRooms()).toEqual([])
  })
  test('a key that it does not know, a secret that is wrong, and none at all', async () => {
    expect(problem(await check(livekit.url, { ...keys(), api_key: 'APIwrong' }))).toContain(
      'keys failed: The server does not know this API key',
    )
    expect(problem(await check(livekit.url, { ...keys(), api_secret: 'x'.repeat(40) }))).toContain(
      'keys failed: The server knows the API key, but the secret is wrong',
    )
    expect(problem(await check(livekit.url, { ...keys(), missing: true }))).toContain('keys failed: The key env:NOPE is not set')
    expect(JSON.stringify(told)).not.toMatch(/eyJ/)
  })
  test('a clock that is wrong', async () => {
    const clock = async (by_s: number) => {
      await check(`ws://${await plainProxy(livekit.url, by_s)}`, {
        ...keys(),
        tryMedia: async () => ({ type: 'failed', message: '' }),
      })
      const step = told.find((one) => one.step === 'clock')
      return `${step?.state ?? ''}: ${step?.detail ?? ''}`
    }
    expect(await clock(0)).toMatch(/^ok/)
    expect(await clock(30)).toMatch(/^warning: .* ahead/)
    expect(await clock(-3600)).toMatch(/^failed: .*60 min behind .* not valid yet there/)
    expect(await clock(7200)).toMatch(/^failed: .*120 min ahead .* have run out there/)
  })
  test('a proxy that lets no WebSocket through', async () => {
    const at = await plainProxy(livekit.url)
    expect(problem(await check(`ws://${at}`, keys()))).toMatch(/join failed: .* pass WebSockets on/)
  })
  test('through the door of the studio', async () => {
    const studio = await startTestHost()
    try {
      for (const [name, value] of Object.entries(keys())) {
        await studio.host.dispatch(callerWith('admin'), 'secret.set', { name, value })
      }
      const { connection_id } = await studio.call('connection.save', {
        name: 'Real',
        url: livekit.url.replace('ws://', 'http://'),
        api_key: 'secret:api_key',
        api_secret: 'secret:api_secret',
      })
      expect(await studio.call('connection.test', { connection_id })).toMatchObject({ ok: true, transport: 'udp' })
      const steps = studio.events.flatMap((event) => (event.type === 'job.progress' ? [event.progress] : []))
      expect(steps).toHaveLength(8)
    } finally {
      await studio.close()
    }
  })
})

describe.skipIf(noLiveKit())('media ports', () => {
  const withMedia = async (rtc: Record<string, unknown>): Promise<ConnectionCheck> => {
    const livekit = await startLiveKit({ rtc })
    try {
      const { url, api_key, api_secret } = livekit
      return await check(url, { api_key, api_secret, tryMedia: tryMediaInProcess(4_000) })
    } finally {
      await livekit.close()
    }
  }
  test('blocked: the room is joined, and what to open is said', async () => {
    const nowhere = { use_ice_lite: true, tcp_port: 0, node_ip: '203.0.113.7', ips: { includes: ['127.0.0.1/32'] } }
    const result = await withMedia(nowhere)
    expect(problem(result)).toMatch(/media failed: The room is joined, but no media get through.*UDP 7882/)
    expect(result).toMatchObject({ ok: false, server_version: expect.any(String) })
  })
  test('TCP alone works, and UDP is advised', async () => {
    const result = await withMedia({ force_tcp: true })
    expect(problem(result)).toMatch(/media warning: Media get through over TCP.*UDP/)
    expect(result).toMatchObject({ ok: true, transport: 'tcp' })
  })
})
