import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import { SignalResponse } from '@livekit/protocol'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { SessionId } from '../../../core/contract/ids.ts'
import type { Invite } from '../../../core/contract/rooms.ts'
import { SessionSummary } from '../../../core/contract/sessions.ts'
import type { LiveConnection } from '../../livekit/live-connection.ts'
import { createServerApi } from '../../livekit/server-api.ts'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../../livekit/testing/livekit-server.ts'
import { callerToken } from '../../livekit/tokens.ts'
import { callerWith, startTestHost } from '../../testing/start-test-host.ts'
import { openJoinListener } from './join-listener.ts'
import { createInvites, type Invites } from './invite-handlers.ts'

const session_id = SessionId.parse('01890a5d-ac96-774b-bcce-b302099a8057')
const ROOM = 'greenroom-invited'
let dir: string
let connection: LiveConnection = {
  connection_id: ConnectionId.parse('own'),
  key: ConnectionId.parse('own'),
  name: 'Own',
  url: 'ws://127.0.0.1:59',
  api_key: 'key',
  api_secret: 'secret-secret-secret-secret-secret',
  serve: false,
  automatic: false,
}
let invites: Invites
let invite: Invite

const summary = (change: object = {}): SessionSummary =>
  SessionSummary.parse({
    session_id,
    kind: 'room',
    modality: 'voice',
    agent_id: 'ada',
    agent_name: 'Ada',
    revision: 1,
    state: 'active',
    attempt: 1,
    started_at: 1,
    turn_count: 0,
    preview: '',
    room: { connection_id: 'own', room_name: ROOM, origin: 'studio' },
    ...change,
  })

const context = { caller: callerWith('admin'), signal: new AbortController().signal, progress: () => undefined }
const open = async (change: object = {}) => {
  invites = createInvites({
    connections: { resolve: async () => connection },
    local: { state: () => Promise.reject(new Error('not asked')) },
    summary: async () => summary(change),
    renderer_dir: dir,
    log: pino({ level: 'silent' }),
    now: Date.now,
    address: () => '127.0.0.1',
  })
  invite = await invites.handlers['room.invite']({ session_id, minutes: 10 }, context)
}

type Reply = Readonly<{ status: number; headers: Record<string, unknown>; body: string }>
function ask(path: string, options: RequestOptions = {}, body?: unknown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, invite.url), { rejectUnauthorized: false, agent: false, ...options }, (reply) => {
      text(reply).then((said) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: said }), reject)
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
const origin = () => new URL(invite.url).origin
const secret = () => new URL(invite.url).hash.slice(1)
const redeem = (body: unknown, headers: Record<string, string> = {}) =>
  ask('/join', { method: 'POST', headers: { origin: origin(), ...headers } }, body)
const cookieOf = ({ headers }: Reply) => String(headers['set-cookie']).split(';')[0] ?? ''

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'greenroom-join-'))
  await mkdir(join(dir, 'assets'))
  await writeFile(
    join(dir, 'join.html'),
    '<script type="module" src="/assets/join-1.js"></script><link href="/assets/join-1.css">',
  )
  await writeFile(join(dir, 'assets', 'join-1.js'), 'let x')
  await writeFile(join(dir, 'assets', 'join-1.css'), 'a {}')
  await writeFile(join(dir, 'assets', 'studio.js'), 'let studio')
  await writeFile(join(dir, 'index.html'), 'the studio')
})
afterAll(() => rm(dir, { recursive: true, force: true }))
beforeEach(() => open())
afterEach(() => invites.close())

test('the invitation has an address, a picture of it, an end and the fingerprint of what answers', async () => {
  expect(invite.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/#[\w-]{32}$/)
  expect(invite.qr_svg).toMatch(/^<svg[\s>]/)
  expect(invite.expires_at).toBeGreaterThan(Date.now() + 9 * 60_000)
  expect(invite.warning).toContain('on this machine')
  const { hostname, port } = new URL(invite.url)
  const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  expect(socket.getPeerCertificate().fingerprint256).toBe(invite.fingerprint)
  socket.destroy()
})

test('it gives the join-only page and what that names, and nothing of the studio', async () => {
  const page = await ask('/')
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('join-1.js')])
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'/)
  expect((await ask('/assets/join-1.js')).headers['content-type']).toMatch('javascript')
  for (const path of [
    '/assets/studio.js',
    '/index.html',
    '/api/op/agent.list',
    '/events',
    '/assets/../index.html',
    '/livekit/twirp',
  ]) {
    expect([path, (await ask(path)).status]).toEqual([path, path.startsWith('/livekit') ? 401 : 404])
  }
  expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(403)
})

test('the link lets one browser in, which may come again', async () => {
  expect((await redeem({ secret: 'wrong', name: 'Eve' })).status).toBe(403)
  expect((await redeem({ secret: secret(), name: 'Eve' }, { origin: 'https://evil.example' })).status).toBe(403)
  const first = await redeem({ secret: secret(), name: 'Ben' })
  expect(first.status).toBe(200)
  expect(String(first.headers['set-cookie'])).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Strict/)
  const claims = JSON.parse(Buffer.from(String(JSON.parse(first.body).token).split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({ name: 'Ben', sub: expect.stringMatching(/^guest-/), video: { room: ROOM, roomJoin: true } })
  expect(claims.video).not.toHaveProperty('roomAdmin')
  expect((await redeem({ secret: secret(), name: 'Second' })).status).toBe(409)
  const again = await redeem({ name: 'Ben' }, { cookie: cookieOf(first) })
  expect(again.status).toBe(200)
})

test('guessing ends it', async () => {
  for (let guess = 0; guess < 19; guess += 1) expect((await redeem({ secret: `guess-${guess}`, name: '' })).status).toBe(403)
  await redeem({ secret: 'the last one', name: '' }).catch(() => undefined)
  await expect(ask('/')).rejects.toThrow('ECONNREFUSED')
})

test('whoever guesses when the guest is in throws nobody out', async () => {
  const first = await redeem({ secret: secret(), name: 'Ben' })
  for (let guess = 0; guess < 30; guess += 1) expect((await redeem({ secret: `guess-${guess}`, name: '' })).status).toBe(403)
  expect((await redeem({ name: 'Ben' }, { cookie: cookieOf(first) })).status).toBe(200)
})

test('one that came about while the call ended, or beside another one, does not stay', async () => {
  let asked = 0
  const states = ['active', 'ended', 'active', 'active', 'active', 'active'] as const
  const late = createInvites({
    connections: { resolve: async () => connection },
    local: { state: () => Promise.reject(new Error('not asked')) },
    summary: async () => summary({ state: states[asked++] ?? 'active' }),
    renderer_dir: dir,
    log: pino({ level: 'silent' }),
    now: Date.now,
    address: () => '127.0.0.1',
  })
  onTestFinished(late.close)
  const another = () => late.handlers['room.invite']({ session_id, minutes: 1 }, context)
  await expect(another()).rejects.toThrow('has ended')
  const both = await Promise.all([another(), another()])
  const answers = await Promise.allSettled(both.map(({ url }) => ask(new URL(url).origin)))
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('closed by its user, by a new one, or by the end of the call, nothing listens any more', async () => {
  const first = invite.url
  await invites.handlers['room.invite']({ session_id, minutes: 1 }, context)
  await expect(ask('/')).rejects.toThrow('ECONNREFUSED')
  invite = { ...invite, url: first }
  invite = await invites.handlers['room.invite']({ session_id, minutes: 1 }, context)
  await invites.handlers['room.close_invite']({ session_id }, context)
  await expect(ask('/')).rejects.toThrow('ECONNREFUSED')
  invite = await invites.handlers['room.invite']({ session_id, minutes: 1 }, context)
  invites.onStudioEvent({ type: 'session.changed', session: summary({ state: 'ended' }) })
  await invites.close()
  await expect(ask('/')).rejects.toThrow('ECONNREFUSED')
})

test('a direct call, one by text, one that has ended, and a call that is not there have no invitation', async () => {
  await expect(open({ room: undefined })).rejects.toThrow('direct call')
  await expect(open({ state: 'ended' })).rejects.toThrow('has ended')
  await expect(open({ modality: 'text' })).rejects.toMatchObject({ code: 'conflict', hint: expect.stringContaining('by voice') })
  const studio = await startTestHost({ renderer_dir: dir })
  const reply = await studio.host.dispatch(callerWith('admin'), 'room.invite', { session_id })
  expect(reply).toMatchObject({ ok: false, error: { code: 'not_found' } })
  await studio.close()
})

describe.skipIf(noLiveKit())('with a real server', () => {
  let livekit: TestLiveKit
  beforeAll(async () => {
    livekit = await startLiveKit()
    connection = { ...connection, url: livekit.url, api_key: livekit.api_key, api_secret: livekit.api_secret }
  })
  afterAll(() => livekit.close())
  const dial = (token: string, cookie: string, from = origin()) =>
    new WebSocket(`${origin().replace('https', 'wss')}/livekit/rtc?access_token=${token}&protocol=15&sdk=js`, {
      rejectUnauthorized: false,
      headers: { cookie, origin: from },
    })
  const refusal = async (socket: WebSocket) => {
    socket.on('error', () => undefined)
    const [, reply] = await once(socket, 'unexpected-response')
    return reply.statusCode
  }

  test('when it has run out nobody else comes in, and who is in stays until they leave', async () => {
    const page = new Map([['/', { type: 'text/html', body: Buffer.from('page') }]])
    const log = pino({ level: 'silent' })
    const listener = await openJoinListener({ address: '127.0.0.1', page, connection, room_name: ROOM, log, now: Date.now })
    invite = { ...invite, url: listener.url }
    const entered = await redeem({ secret: secret(), name: 'Ben' })
    const socket = dial(JSON.parse(entered.body).token, cookieOf(entered))
    await once(socket, 'message')
    listener.stopInviting()
    expect((await redeem({ secret: secret(), name: 'Late' })).status).toBe(410)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    // Their own way back, e.g. after a reload, stays open as long.
    expect((await redeem({ name: 'Ben' }, { cookie: cookieOf(entered) })).status).toBe(200)
    const gone = once(socket, 'close')
    await listener.close()
    await gone
  })

  test('the guest joins through it; other tokens, pages and browsers do not', async () => {
    const entered = await redeem({ secret: secret(), name: 'Ben' })
    const cookie = cookieOf(entered)
    const { token } = JSON.parse(entered.body)
    const socket = dial(token, cookie)
    const [first] = await once(socket, 'message')
    const { message } = SignalResponse.fromBinary(first)
    expect(message.case === 'join' && message.value.room?.name).toBe(ROOM)

    const foreign = await callerToken(connection, { room_name: 'another-room', identity: 'guest-x' })
    expect(await refusal(dial(foreign, cookie))).toBe(401)
    expect(await refusal(dial(token, ''))).toBe(401)
    expect(await refusal(dial(token, cookie, 'https://evil.example'))).toBe(401)
    expect((await ask(`/livekit/rtc/validate?access_token=${token}`, { headers: { cookie } })).status).toBe(200)

    const { sub } = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())
    const inRoom = async () => (await createServerApi(connection).participants(ROOM)).map(({ identity }) => identity)
    expect(await inRoom()).toContain(sub)
    const closed = once(socket, 'close')
    await invites.handlers['room.close_invite']({ session_id }, context)
    await closed
    expect(await inRoom()).not.toContain(sub)
  })
})
