import * as z from 'zod'
import { Millis } from './ids.ts'
import { operation } from './operation.ts'

const ModelKind = z.enum(['stt', 'llm', 'tts'])

/** What a run on this machine showed. Only what was really measured is there. */
export const ModelMeasure = z.object({
  at: Millis,
  load_ms: z.number().optional(),
  /** Private memory of the loaded model, MB. */
  memory_mb: z.number().optional(),
  /** STT and TTS: time of work for each second of audio. */
  real_time_factor: z.number().optional(),
  /** TTS: from the text to the first audio, ms. */
  first_audio_ms: z.number().optional(),
  /** LLM. */
  first_token_ms: z.number().optional(),
  tokens_per_second: z.number().optional(),
  /** LLM: the share of our field test's cases in which every field was what it had to be, 0 to 1, and how many cases there were. */
  follows_fields: z.number().min(0).max(1).optional(),
  cases: z.int().optional(),
})
export type ModelMeasure = Readonly<z.infer<typeof ModelMeasure>>

/** One model for this machine: of the curated list, or the user's own. */
export const LocalModel = z.object({
  model_id: z.string(),
  kind: ModelKind,
  name: z.string(),
  /** One honest line: what it is good for, and what not. */
  description: z.string(),
  licence: z.string(),
  /** ISO 639-1 codes; empty: unknown. */
  languages: z.array(z.string()),
  /** Voices of a TTS that has several. */
  voices: z.array(z.object({ value: z.string(), label: z.string() })).default([]),
  /** STT that hears while the caller speaks. */
  streaming: z.boolean().default(false),
  download_bytes: z.int(),
  disk_bytes: z.int(),
  /** LLM: memory that it needs to run well, bytes. */
  needs_memory_bytes: z.int().optional(),
  /** Where it comes from, for people. */
  source: z.string(),
  /** `pinned`: by a SHA-256 of ours; `stated`: by the one that its hub states; `own`: the user brought it. */
  checked: z.enum(['pinned', 'stated', 'own']),
  installed: z.boolean(),
  /** The one to take for its kind on a machine of this size. */
  recommended: z.boolean().default(false),
  /** Too large for this machine, and why. */
  unfit: z.string().optional(),
  measured: ModelMeasure.optional(),
})
export type LocalModel = Readonly<z.infer<typeof LocalModel>>

/** Models that are fetched together. `starter`: the smallest with which a call is understood, answered and spoken offline. */
export const ModelSet = z.object({
  set_id: z.string(),
  name: z.string(),
  /** Bytes to download of what is not here yet, and bytes on disk afterwards. */
  download_bytes: z.int(),
  disk_bytes: z.int(),
  licence: z.string(),
  model_ids: z.array(z.string()),
  installed: z.boolean(),
  folder: z.string(),
})
export type ModelSet = Readonly<z.infer<typeof ModelSet>>

export const ModelProgress = z.object({
  /** What was asked for: a model or a set. */
  id: z.string(),
  phase: z.enum(['downloading', 'verifying', 'converting', 'measuring', 'done']),
  item: z.string(),
  /** The source that is read, for people. */
  source: z.string().optional(),
  done_bytes: z.int(),
  total_bytes: z.int(),
})
export type ModelProgress = Readonly<z.infer<typeof ModelProgress>>

/** A local OpenAI-compatible server found on its usual port. */
export const LocalServer = z.object({
  name: z.enum(['Ollama', 'LM Studio', 'llama-server']),
  base_url: z.string(),
  models: z.array(z.string()),
})
export type LocalServer = Readonly<z.infer<typeof LocalServer>>

export const modelOperations = {
  'model.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Models for this machine: the curated list, the user’s own, and which are here',
    input: z.object({}),
    output: z.object({
      models: z.array(LocalModel),
      sets: z.array(ModelSet),
      /** Of the machine, bytes. */
      memory_bytes: z.int(),
      free_disk_bytes: z.int(),
    }),
  }),
  'model.get': operation({
    kind: 'job',
    role: 'admin',
    audit: 'model',
    idempotent: true,
    summary: 'Fetch a model or a set: checked by SHA-256, resumable',
    /** `source`: base URL or folder to try first, that holds the same files. */
    input: z.object({ id: z.string(), source: z.string().max(4096).optional() }),
    output: z.object({ models: z.array(LocalModel) }),
  }),
  'model.import': operation({
    kind: 'job',
    role: 'admin',
    audit: 'model',
    summary: 'Take in a model of one’s own: GGUF, sherpa-onnx folder, Piper voice, faster-whisper (CTranslate2) folder',
    /** `path`: file or folder on the host’s machine. `model_id` absent: made from its name. */
    input: z.object({ path: z.string().min(1).max(4096), model_id: z.string().max(100).optional() }),
    output: LocalModel,
  }),
  'model.remove': operation({
    kind: 'command',
    role: 'admin',
    audit: 'model',
    idempotent: true,
    summary: 'Delete a model from the disk',
    input: z.object({ model_id: z.string() }),
    output: z.object({ freed_bytes: z.int() }),
  }),
  'model.measure': operation({
    kind: 'job',
    role: 'developer',
    summary: 'Measure an installed model on this machine: speed, memory, and how well an LLM follows fields',
    input: z.object({ model_id: z.string() }),
    output: LocalModel,
  }),
  'model.find_servers': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Look for Ollama, LM Studio and llama-server on their usual ports',
    input: z.object({}),
    output: z.object({ servers: z.array(LocalServer) }),
  }),
} as const
