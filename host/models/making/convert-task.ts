import * as z from 'zod'
import { FolderFacts } from './describe-folder.ts'

const Entry = z.object({ path: z.string(), bytes: z.int(), name: z.string() })

/** A file that was fetched, under the name that it has while the model is made; or an archive and what is taken out of it. */
const Ingredient = z.object({ path: z.string(), name: z.string(), entries: z.array(Entry).readonly().optional() })
export type Ingredient = Readonly<z.infer<typeof Ingredient>>

/** `work`: a folder to work in; `to`: the folder to be made. */
export const ConvertTask = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('make'),
    model_id: z.string(),
    make: z.enum(['copy', 'ct2-whisper', 'piper', 'kokoro-onnx']),
    espeak: z.array(z.string()).readonly(),
    ingredients: z.array(Ingredient).readonly(),
    work: z.string(),
    to: z.string(),
  }),
  z.object({ type: z.literal('import'), path: z.string(), work: z.string(), to: z.string() }),
])
export type ConvertTask = Readonly<z.infer<typeof ConvertTask>>

export const ConvertReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), item: z.string(), done_bytes: z.int(), total_bytes: z.int() }),
  z.object({ type: z.literal('done'), facts: FolderFacts }),
  /** What was given is no model; for its user. */
  z.object({ type: z.literal('refused'), message: z.string(), hint: z.string() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type ConvertReply = Readonly<z.infer<typeof ConvertReply>>
