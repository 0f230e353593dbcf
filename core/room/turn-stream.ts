import * as z from 'zod'
import { SessionEvent } from '../contract/session-events.ts'

/** Text stream, agent → everybody in the room: one stream a turn (attribute `turn_id`), one `TurnLine` a line. */
export const TURN_TOPIC = 'studio.turn'
/** RPC, agent → the caller's frontend, when the agent asks for it: `{ turn_id, output, spoken, interrupted }`. */
export const TURN_RPC = 'agent.turn'
/** RPC, frontend → agent: `{ attempt, n }`, the last line that is known; what came after is sent again as a stream of `TURN_TOPIC`. */
export const RESUME_RPC = 'studio.resume'
/** Data message or RPC, the caller's frontend → agent: a `CustomEvent`, for the extension of the agent. */
export const EVENT_TOPIC = 'agent.event'
/** Data message at the end of a call: `{ summary, output }`. */
export const SUMMARY_TOPIC = 'conversation-summary'
/** RPC, frontend → agent: `{ heard_at }` … for clocks and the first audible sample, see `ClockRequest`. */
export const CLOCK_RPC = 'studio.clock'

/** The last kept line that somebody has; (0, 0): none. */
export const LinePosition = z.object({ attempt: z.int().min(0), n: z.int().min(0) })
export type LinePosition = Readonly<z.infer<typeof LinePosition>>

/**
 * A line of the stream. `n` numbers the kept lines (journal events that frontends may see, `publicEvent`) of an attempt from 1, over all
 * its turns, and is also the event's `seq`; a delta has the number of the kept line before it. Lines are in order `(attempt, n)`; a kept
 * line that is not the next one says that something is missing.
 */
export const TurnLine = z.object({
  v: z.literal(1),
  attempt: z.int().min(1),
  n: z.int().min(0),
  /** Of a delta: its number since kept line `n`, from 1. Of a snapshot: the last delta that it stands for. */
  d: z.int().min(0).optional(),
  /** With the first kept line of an attempt: the last one of the attempts before. */
  before: LinePosition.optional(),
  /** Replaces what deltas have told of the open turn: `event`, and the events of `rest` behind it. */
  snapshot: z.boolean().optional(),
  event: SessionEvent,
  rest: z.array(SessionEvent).optional(),
})
export type TurnLine = Readonly<z.infer<typeof TurnLine>>

/** The last line that is known; the answer is a stream of `TURN_TOPIC` with the attribute `resumed: "true"`, for the asker alone. */
export const ResumeRequest = LinePosition.extend({})
export type ResumeRequest = Readonly<z.infer<typeof ResumeRequest>>

/**
 * What the caller's page tells the agent, so that t6 is the moment of the first audible sample: `at` on the page's own clock (ms), with
 * what it knows of the difference between the clocks. Answered by `{ clock }`, the session's clock.
 */
export const ClockRequest = z.object({
  at: z.number(),
  offset_ms: z.number().optional(),
  round_trip_ms: z.number().optional(),
  /** Since when the agent is heard again after a silence. */
  heard_at: z.number().optional(),
})
export type ClockRequest = Readonly<z.infer<typeof ClockRequest>>
