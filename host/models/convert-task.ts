import * as z from 'zod'

/** Paths of what was fetched, of a folder to work in, and of the two folders to be made. */
export const ConvertTask = z.object({
  whisper_wheel: z.string(),
  piper_wheel: z.string(),
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
