import * as z from 'zod'

/**
 * The audio WebSocket of a direct call, between the page and the session process.
 * Binary up: PCM16 LE mono 16 kHz, 20 ms a message. Binary down: u32 LE segment number, then PCM16 LE mono 24 kHz.
 * Text both ways: one JSON message of the unions below. Each segment that goes down is answered exactly once with
 * `finished`, after its `flush` was played to the end or its `clear` came.
 */
export const UP_SAMPLE_RATE = 16_000
export const DOWN_SAMPLE_RATE = 24_000
export const UP_FRAME_SAMPLES = 320

/** Codes with which the host closes an audio WebSocket that leads nowhere; the page must not try again. */
export const MEDIA_CLOSE = { unknown: 4404, replaced: 4409, ended: 4410 } as const

export const MediaUp = z.discriminatedUnion('type', [
  /** The first sample of a segment is being played; `at` on the page's clock (performance.timeOrigin + performance.now(), ms), output latency included. */
  z.object({ type: z.literal('started'), segment: z.int(), at: z.number() }),
  /** `position_ms`: how much of the segment was really played. */
  z.object({ type: z.literal('finished'), segment: z.int(), position_ms: z.number(), interrupted: z.boolean() }),
  z.object({ type: z.literal('mute'), muted: z.boolean() }),
  /** `at` on the page's clock; answered at once, and the next ping tells what was learned. */
  z.object({
    type: z.literal('ping'),
    id: z.int(),
    at: z.number(),
    offset_ms: z.number().optional(),
    round_trip_ms: z.number().optional(),
  }),
])
export type MediaUp = Readonly<z.infer<typeof MediaUp>>

export const MediaDown = z.discriminatedUnion('type', [
  z.object({ type: z.literal('flush'), segment: z.int() }),
  z.object({ type: z.literal('clear'), segment: z.int() }),
  /** `clock`: the session's monotonic clock when the ping came, ms. */
  z.object({ type: z.literal('pong'), id: z.int(), at: z.number(), clock: z.number() }),
])
export type MediaDown = Readonly<z.infer<typeof MediaDown>>
