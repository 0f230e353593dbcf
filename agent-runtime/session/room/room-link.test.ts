import { EventEmitter } from 'node:events'
import { DisconnectReason, Room, RoomEvent } from '@livekit/rtc-node'
import { expect, onTestFinished, test } from 'vitest'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { createServerApi } from '../../../host/livekit/server-api.ts'
import { noLiveKit, startLiveKit } from '../../../host/livekit/testing/livekit-server.ts'
import { roomSpec } from '../testing/room-caller.ts'
import { createRoomLink } from './room-link.ts'

const spec = { connection_id: 'c', url: 'ws://nowhere', token: 'first', room_name: 'r', identity: 'agent-1' }

/** A room without a server: it lets in whoever has one of these tokens, as often as it is told. */
class FakeRoom extends Room {
  static readonly made: FakeRoom[] = []
  readonly #lets: (token: string) => Promise<void>
  #in = false
  token_used = ''
  constructor(lets: (token: string) => Promise<void>) {
    super()
    this.#lets = lets
    FakeRoom.made.push(this)
  }
  override get isConnected() {
    return this.#in
  }
  override async connect(_url: string, token: string) {
    this.token_used = token
    await this.#lets(token)
    this.#in = true
  }
  override async disconnect() {
    this.#in = false
  }
  lose(reason: DisconnectReason) {
    this.#in = false
    this.emit(RoomEvent.Disconnected, reason)
  }
}

function open(lets: (token: string) => Promise<void> = async () => undefined, away_ms = 5000) {
  const told: string[] = []
  const rooms: FakeRoom[] = []
  const waiting: (() => void)[] = []
  const tell = (text: string) => {
    told.push(text)
    waiting.forEach((check) => check())
  }
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      const check = () => (told.includes(text) ? resolve() : undefined)
      waiting.push(check)
      check()
    })
  const link = createRoomLink(
    spec,
    {
      onRoom: () => undefined,
      onJoined: async () => tell(`joined with ${rooms.at(-1)?.token_used}`),
      onDown: () => tell('down'),
      onUp: () => tell('up'),
      onOver: (reason) => tell(reason),
      askToken: () => tell('token?'),
    },
    {
      away_ms,
      // @ts-expect-error -- built declarations name the CommonJS twin of Room; at run time it is the same
      makeRoom: () => {
        const room = new FakeRoom(lets)
        rooms.push(room)
        return room
      },
    },
  )
  return { link, told, until, room: () => rooms.at(-1), rooms }
}

test('a connection that LiveKit restores is the same one', async () => {
  const { link, told, room } = open()
  await link.join()
  room()?.emit(RoomEvent.Reconnecting)
  expect(link.room()).toBeUndefined()
  room()?.emit(RoomEvent.Reconnected)
  expect(link.room()).toBe(room())
  expect(told).toEqual(['joined with first', 'down', 'up'])
  await link.leave()
})

test('a connection that is lost is made anew with a new token, also when the server needs a moment', async () => {
  let refusals = 1
  const { link, told, until, room } = open(async (token) => {
    if (token !== 'first' && refusals-- > 0) throw new Error('not yet')
  })
  await link.join()
  room()?.lose(DisconnectReason.UNKNOWN_REASON)
  await until('token?')
  link.token('second')
  await new Promise((resolve) => setTimeout(resolve, 300))
  link.token('third')
  await until('up')
  expect(told).toEqual(['joined with first', 'down', 'token?', 'token?', 'joined with third', 'up'])
  await link.leave()
})

test('a host that says no ends it; so does an outage that lasts', async () => {
  const refused = open()
  await refused.link.join()
  refused.room()?.lose(DisconnectReason.JOIN_FAILURE)
  refused.link.token(undefined)
  await refused.until('connection_lost')
  const lasting = open(undefined, 50)
  await lasting.link.join()
  lasting.room()?.emit(RoomEvent.Reconnecting)
  await lasting.until('connection_lost')
  expect(lasting.told).toEqual(['joined with first', 'down', 'connection_lost'])
})

test.each([
  ['DUPLICATE_IDENTITY', 'displaced'],
  ['PARTICIPANT_REMOVED', 'superseded'],
  ['ROOM_DELETED', 'room_closed'],
] as const)('%s is the end: %s', async (reason, over) => {
  const { link, told, room } = open()
  await link.join()
  room()?.lose(DisconnectReason[reason])
  expect(told).toEqual(['joined with first', over])
  await link.leave()
})

test('what a server says about a token is told to nobody', async () => {
  const { link } = open(async () => {
    throw new Error('engine: signal failure: client error: 401 - invalid token: eyJhbGciOi')
  })
  const failed = await link.join().catch((cause: unknown) => cause)
  expect(String(failed)).toContain('refused its token')
  expect(JSON.stringify(failed) + String(failed)).not.toContain('eyJ')
})

test('a room that its server has closed hears nothing of later rooms', async (context) => {
  const missing = noLiveKit()
  if (missing) return context.skip(missing)
  const server = await startLiveKit()
  onTestFinished(server.close)
  const api = createServerApi({
    connection_id: ConnectionId.parse('test'),
    key: ConnectionId.parse('test'),
    name: 'Test',
    ...server,
    serve: true,
    automatic: false,
  })
  const listeners = () => {
    const client: unknown = Reflect.get(globalThis, '_ffiClientInstance')
    return client instanceof EventEmitter ? client.listenerCount('ffi_event') : undefined
  }
  const closed = async (room_name: string) => {
    const spec = await roomSpec(server, room_name, room_name)
    let over: (reason: string) => void = () => undefined
    const ended = new Promise<string>((resolve) => (over = resolve))
    const listener = { onRoom: () => undefined, onJoined: async () => undefined, onDown: () => undefined, onUp: () => undefined }
    await createRoomLink(spec, { ...listener, onOver: over, askToken: () => undefined }).join()
    expect(listeners()).toBeGreaterThan(0)
    await api.deleteRoom(room_name)
    expect(await ended).toBe('room_closed')
  }
  await closed('one')
  await closed('two')
  expect(listeners()).toBe(0)
})
