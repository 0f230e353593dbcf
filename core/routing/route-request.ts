import * as z from 'zod'

/** What is known of a caller when an agent has to be chosen. Metadata is text, as LiveKit carries it: JSON where it is read as such. */
export const RouteRequest = z.object({
  dispatch_name: z.string().default(''),
  job_metadata: z.string().max(524_288).default(''),
  room_name: z.string().default(''),
  room_metadata: z.string().max(524_288).default(''),
  /** Absent: nobody has joined yet, and what they bring is unknown. */
  participant: z
    .object({
      identity: z.string(),
      metadata: z.string().max(524_288).default(''),
      attributes: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
})
export type RouteRequest = Readonly<z.output<typeof RouteRequest>>
