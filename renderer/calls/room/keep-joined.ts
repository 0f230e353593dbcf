import { Room, type ReconnectPolicy } from 'livekit-client'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import { toStudioError } from '../../client/use-operation.ts'
import { leaveOf } from './leave-reason.ts'
import type { RoomLink } from './room-state.ts'

/** As long as a call can be taken up again from its journal. */
const TRIES_FOR_MS = 10 * 60_000
/** LiveKit's own waits grow to seven seconds, of the twenty that the agent waits. */
const PROMPT: ReconnectPolicy = {
  nextRetryDelayInMs: ({ retryCount, elapsedMs }) => (elapsedMs > 20_000 ? null : Math.min(1000, retryCount * 250)),
}
const FIRST_WAIT_MS = 300
const LAST_WAIT_MS = 4_000

type Options = Readonly<{
  origin: string
  join: RoomJoin
  rejoin: () => Promise<RoomJoin>
  prepare: (room: Room) => void
  onJoined: (room: Room) => void
  onLink: (link: RoomLink, problem?: string) => void
}>

export type Joined = Readonly<{ again: () => void; close: () => void }>

/**
 * LiveKit's client mends short breaks by itself; when it gives up, this begins anew with a fresh token. A page that goes away says no
 * goodbye, so that a reload is a break and not an end; whoever wants to end the call says so.
 */
export function keepJoined({ origin, join, rejoin, prepare, onJoined, onLink }: Options): Joined {
  let room: Room | undefined
  let closed = false
  let tries = 0
  let since: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const over = (words: string) => onLink('left', words === '' ? undefined : words)

  const enter = async ({ token, signal_path }: RoomJoin) => {
    const next = new Room({ disconnectOnPageLeave: false, stopLocalTrackOnUnpublish: false, reconnectPolicy: PROMPT })
    room = next
    const isPresent = () => room === next && !closed
    prepare(next)
    next.on('signalReconnecting', () => isPresent() && onLink('signal'))
    next.on('reconnecting', () => isPresent() && onLink('reconnecting'))
    next.on('reconnected', () => isPresent() && onLink('connected'))
    next.on('disconnected', (reason) => {
      if (!isPresent()) return
      const leave = leaveOf(reason)
      if (leave.then === 'rejoin') again(leave.words)
      else if (leave.then === 'replaced') onLink('replaced', leave.words)
      else over(leave.words)
    })
    await next.connect(origin.replace(/^http/, 'ws') + signal_path, token, { maxRetries: 1 })
    if (!isPresent()) return void next.disconnect()
    tries = 0
    since = undefined
    onLink('connected')
    onJoined(next)
  }

  const failed = (words: string) => {
    if (closed) return
    room = undefined
    again(words)
  }
  const again = (words: string) => {
    clearTimeout(timer)
    since ??= Date.now()
    if (Date.now() - since > TRIES_FOR_MS) return over(words)
    onLink('rejoining', words)
    const wait = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries++, 10))
    timer = setTimeout(() => void comeBack(), wait)
  }
  const comeBack = async () => {
    let fresh: RoomJoin
    try {
      fresh = await rejoin()
    } catch (cause) {
      const { code, message } = toStudioError(cause)
      return code === 'unavailable' ? failed(message) : over(message)
    }
    if (!closed) await enter(fresh).catch((cause: unknown) => failed(messageOf(cause)))
  }

  onLink('joining')
  enter(join).catch((cause: unknown) => failed(messageOf(cause)))
  return {
    again: () => {
      since = undefined
      tries = 0
      void comeBack()
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      void room?.disconnect()
    },
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? `${cause.message}.` : String(cause))
