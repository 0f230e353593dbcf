import * as z from 'zod'
import { ModelMeasure } from '../contract/models.ts'
import { ModelFamily, ModelParts } from './speech-family.ts'

/** `model.json` beside a model's files: what it is, where it came from, and what each file's SHA-256 was when it was taken in. */
export const ModelRecord = z.object({
  format: z.literal(1),
  model_id: z.string(),
  kind: z.enum(['stt', 'llm', 'tts']),
  family: ModelFamily,
  parts: ModelParts,
  name: z.string(),
  description: z.string(),
  licence: z.string(),
  languages: z.array(z.string()),
  /** Of a TTS with several; `value` is the speaker's number or name as the engine takes it. */
  voices: z.array(z.object({ value: z.string(), label: z.string() })).default([]),
  source: z.string(),
  checked: z.enum(['pinned', 'stated', 'own']),
  /** Milliseconds since the epoch. */
  installed_at: z.int(),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
  /** Of a GGUF: from its own header. */
  architecture: z.string().optional(),
  parameters: z.int().optional(),
  context_length: z.int().optional(),
  measured: ModelMeasure.optional(),
})
export type ModelRecord = Readonly<z.infer<typeof ModelRecord>>

export const MODEL_RECORD_FILE = 'model.json'
