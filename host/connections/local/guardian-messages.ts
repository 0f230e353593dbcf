import * as z from 'zod'

/** Host → guardian. Keys go by the environment alone: arguments and files can be read by others. */
export const GuardianOrder = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), program: z.string(), env: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('stop') }),
])
export type GuardianOrder = Readonly<z.infer<typeof GuardianOrder>>

/** Guardian → host. */
export const GuardianNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('running'), pid: z.int() }),
  z.object({ type: z.literal('ended'), how: z.string() }),
])
export type GuardianNews = Readonly<z.infer<typeof GuardianNews>>
