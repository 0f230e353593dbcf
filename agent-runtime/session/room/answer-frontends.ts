import { RpcError, type Room } from '@livekit/rtc-node'
import type * as z from 'zod'
import { parseJson } from '../../../core/json.ts'
import { CLOCK_RPC, ClockRequest, RESUME_RPC, ResumeRequest } from '../../../core/room/turn-stream.ts'
import type { HeardClock } from './heard-clock.ts'
import type { RoomPeople } from './room-people.ts'
import type { TurnFeed } from './turn-feed.ts'

/** What anybody in the room may type at once, in characters. */
const LONGEST_LINE = 20_000

type Answering = Readonly<{ people: Pick<RoomPeople, 'caller'>; feed: Pick<TurnFeed, 'resume'>; heardClock: HeardClock }>

/**
 * What frontends may ask the agent. Everybody who may join may call these, with whatever they like: input is parsed, nothing but the public
 * stream is given out, and only the caller's own page says when the caller heard something.
 */
export function answerFrontends(room: Room, { people, feed, heardClock }: Answering): void {
  const agent = room.localParticipant
  agent?.registerRpcMethod(CLOCK_RPC, async ({ callerIdentity, payload }) => {
    const request = read(ClockRequest, payload)
    const isCaller = callerIdentity === people.caller()?.identity
    return JSON.stringify(heardClock.asked(isCaller ? request : { at: request.at }))
  })
  agent?.registerRpcMethod(RESUME_RPC, async ({ callerIdentity, payload }) => {
    feed.resume(read(ResumeRequest, payload), callerIdentity)
    return '{}'
  })
}

/** Lines that the caller types, as LiveKit's frontends send them. Those of others are for others. */
export function hearChat(room: Room, callerIdentity: () => string | undefined, onLine: (text: string) => void): void {
  room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
    const take = async () => {
      const text = (await reader.readAll()).trim()
      if (text !== '' && identity === callerIdentity()) onLine(text.slice(0, LONGEST_LINE))
    }
    // A sender that leaves in the middle has said nothing.
    take().catch(() => undefined)
  })
}

function read<Request>(shape: z.ZodType<Request>, payload: string): Request {
  const request = shape.safeParse(parseJson(payload))
  if (request.success) return request.data
  throw new RpcError(RpcError.ErrorCode.APPLICATION_ERROR, `not understood: ${request.error.issues[0]?.message ?? 'no JSON'}`)
}
