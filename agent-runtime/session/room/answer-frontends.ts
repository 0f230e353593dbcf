import { RpcError, type Room } from '@livekit/rtc-node'
import type * as z from 'zod'
import { parseJson } from '../../../core/json.ts'
import { CLOCK_RPC, ClockRequest, RESUME_RPC, ResumeRequest } from '../../../core/room/turn-stream.ts'
import type { HeardClock } from './heard-clock.ts'
import type { RoomPeople } from './room-people.ts'
import type { TurnFeed } from './turn-feed.ts'

/** What the caller may type at once, in characters; what comes behind it is not even received. */
const LONGEST_LINE = 20_000
/** Lines that may be on their way at the same time: each is held in memory until it is whole. */
const MOST_LINES = 20

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
    return JSON.stringify(isCaller ? heardClock.asked(request) : { clock: heardClock.now() })
  })
  agent?.registerRpcMethod(RESUME_RPC, async ({ callerIdentity, payload }) => {
    feed.resume(read(ResumeRequest, payload), callerIdentity)
    return '{}'
  })
}

/** Lines that the caller types, as LiveKit's frontends send them. Those of others are for others, and closed unread: they may have no end. */
export function hearChat(room: Room, callerIdentity: () => string | undefined, onLine: (text: string) => void): void {
  let coming = 0
  room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
    if (identity !== callerIdentity() || coming >= MOST_LINES) return void reader.close()
    const take = async () => {
      coming += 1
      const text = await beginningOf(reader).finally(() => (coming -= 1))
      if (text !== '') onLine(text)
    }
    // A sender that leaves in the middle has said nothing.
    take().catch(() => undefined)
  })
}

/** To leave the loop closes the stream. */
async function beginningOf(reader: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of reader) {
    text += piece
    if (text.length >= LONGEST_LINE) break
  }
  return text.slice(0, LONGEST_LINE).trim()
}

function read<Request>(shape: z.ZodType<Request>, payload: string): Request {
  const request = shape.safeParse(parseJson(payload))
  if (request.success) return request.data
  throw new RpcError(RpcError.ErrorCode.APPLICATION_ERROR, `not understood: ${request.error.issues[0]?.message ?? 'no JSON'}`)
}
