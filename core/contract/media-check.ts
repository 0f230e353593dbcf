import * as z from 'zod'

/** Host → the process that tries a LiveKit server's media: once, then it ends. `tokens`: of two participants of one room. */
export const MediaCheck = z.object({
  url: z.string(),
  tokens: z.tuple([z.string(), z.string()]),
  /** How long both may take to be connected. */
  within_ms: z.int(),
})
export type MediaCheck = Readonly<z.infer<typeof MediaCheck>>

/** Its one answer. */
export const MediaCheckReply = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('connected'),
    /** From the first join to data that came through. */
    duration_ms: z.number(),
    /** Of data through the server and back, the median of some. */
    round_trip_ms: z.number(),
    transport: z.enum(['udp', 'tcp', 'turn']).optional(),
  }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type MediaCheckReply = Readonly<z.infer<typeof MediaCheckReply>>
