import { setTimeout as sleep } from 'node:timers/promises'
import { DisconnectReason, Room, RoomEvent } from '@livekit/rtc-node'
import { StudioError } from '../../../core/contract/errors.ts'
import type { RoomSpec } from '../../../core/contract/runtime.ts'
import { letGoOf } from './let-go-of.ts'

/** An outage of the server or of the network may last this long; behind it the call is over and can be resumed from its journal. */
export const AWAY_MS = 20_000
/** How long a new token is waited for before the old one is tried again. */
const TOKEN_MS = 3000
const LEAVE_MS = 1000
const JOIN_MS = 10_000
const AGAIN_MS = 250

/** `superseded`: somebody took the agent out. `displaced`: another one came under its identity; the host knows which of them is the older. */
export type OverReason = 'room_closed' | 'connection_lost' | 'superseded' | 'displaced'
export type RoomLinkListener = Readonly<{
  /** A room that will be joined in a moment: the place for handlers. */
  onRoom: (room: Room) => void
  onJoined: (room: Room, join_ms: number) => Promise<void>
  /** LiveKit tries to get back, or we do. */
  onDown: () => void
  onUp: (gap_ms: number) => void
  /** The agent is out and will not come back. */
  onOver: (reason: OverReason) => void
  askToken: () => void
}>

/** The agent's connection to its room: joined, kept, joined anew, left. */
export type RoomLink = Readonly<{
  join: () => Promise<void>
  /** While it is joined and connected. */
  room: () => Room | undefined
  /** Answers `askToken`; undefined: it may not join again. */
  token: (token: string | undefined) => void
  /** Joins anew although it is joined: what this connection shows of the room is not to be trusted. */
  renew: () => void
  /** Resolves within a second, however the server is. */
  leave: () => Promise<void>
}>

/** `makeRoom` and `away_ms`: for tests without a server. */
export function createRoomLink(
  spec: RoomSpec,
  listener: RoomLinkListener,
  { makeRoom = () => new Room(), away_ms = AWAY_MS } = {},
): RoomLink {
  let joined: Room | undefined
  let token = spec.token
  let over = false
  let downSince: number | undefined
  let patience: NodeJS.Timeout | undefined
  let onToken: ((token: string | undefined) => void) | undefined

  const end = (reason: OverReason) => {
    if (over) return
    over = true
    clearTimeout(patience)
    listener.onOver(reason)
  }
  const down = () => {
    if (over || downSince !== undefined) return
    downSince = performance.now()
    patience = setTimeout(() => end('connection_lost'), away_ms)
    listener.onDown()
  }
  const up = () => {
    if (over || downSince === undefined) return
    const gap_ms = performance.now() - downSince
    downSince = undefined
    clearTimeout(patience)
    listener.onUp(gap_ms)
  }
  const attempt = async () => {
    const began = performance.now()
    const room = makeRoom()
    listener.onRoom(room)
    room.on(RoomEvent.Reconnecting, down)
    room.on(RoomEvent.Reconnected, up)
    room.on(RoomEvent.Disconnected, (reason) => {
      letGoOf(room)
      if (room === joined) lost(reason)
    })
    await connected(room, spec.url, token)
    if (over) return void room.disconnect().catch(() => undefined)
    joined = room
    await listener.onJoined(room, performance.now() - began).catch((cause: unknown) => {
      joined = undefined
      void room.disconnect().catch(() => undefined)
      throw cause
    })
  }
  const drop = async () => {
    const room = joined
    joined = undefined
    await Promise.race([room?.disconnect().catch(() => undefined), sleep(LEAVE_MS, undefined, { ref: false })])
  }
  const lost = (reason: DisconnectReason) => {
    joined = undefined
    if (over) return
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) return end('displaced')
    if (reason === DisconnectReason.PARTICIPANT_REMOVED) return end('superseded')
    if (CLOSED.has(reason)) return end('room_closed')
    down()
    void rejoin()
  }
  const rejoin = async () => {
    for (let pause = AGAIN_MS; !over; pause = Math.min(2 * pause, 2000)) {
      const fresh = await newToken()
      if (over) return
      if (fresh.refused) return end('connection_lost')
      token = fresh.token ?? token
      if (
        await attempt().then(
          () => true,
          () => false,
        )
      )
        return up()
      await sleep(pause)
    }
  }
  const newToken = async (): Promise<{ token?: string | undefined; refused: boolean }> => {
    const answered = new Promise<string | undefined>((resolve) => (onToken = resolve))
    listener.askToken()
    const answer = await Promise.race([answered, sleep(TOKEN_MS, 'late' as const)])
    return answer === 'late' ? { refused: false } : { token: answer, refused: answer === undefined }
  }

  return {
    async join() {
      const until = performance.now() + away_ms
      for (let pause = AGAIN_MS; ; pause = Math.min(2 * pause, 2000)) {
        try {
          return await attempt()
        } catch (cause) {
          if (over || performance.now() + pause > until || isRefused(cause)) throw notJoined(spec, cause)
        }
        await sleep(pause)
      }
    },
    room: () => (downSince === undefined && joined?.isConnected ? joined : undefined),
    token: (answer) => onToken?.(answer),
    renew() {
      if (over || downSince !== undefined || !joined) return
      const left = drop()
      down()
      void left.then(rejoin)
    },
    async leave() {
      over = true
      clearTimeout(patience)
      await drop()
    },
  }
}

const CLOSED = new Set([DisconnectReason.ROOM_DELETED, DisconnectReason.ROOM_CLOSED])

/** One that connects after nobody waits for it any more leaves at once. */
async function connected(room: Room, url: string, token: string): Promise<void> {
  const connecting = room.connect(url, token, { autoSubscribe: false, dynacast: false })
  const late = sleep(JOIN_MS, 'late' as const)
  if ((await Promise.race([connecting, late])) !== 'late') return
  connecting.then(() => room.disconnect()).catch(() => undefined)
  throw new Error('timed out')
}

/** The texts of LiveKit's errors hold the token: they are read, and never shown. */
const textOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
const isRefused = (cause: unknown) => /\b40[13]\b|unauthorized|permission/i.test(textOf(cause))

function notJoined({ room_name }: RoomSpec, cause: unknown): StudioError {
  const why = isRefused(cause) ? 'the LiveKit server refused its token' : 'the LiveKit server did not answer in time'
  return new StudioError(
    'unavailable',
    `The agent could not join the room "${room_name}": ${why}`,
    'Test the connection in Settings.',
  )
}
