import * as z from 'zod'
import { operation } from './operation.ts'

/** State of the built-in speech set on this machine. */
export const ModelSet = z.object({
  set_id: z.string(),
  name: z.string(),
  /** Bytes to download, and bytes on disk afterwards. */
  download_bytes: z.int(),
  disk_bytes: z.int(),
  licence: z.string(),
  contents: z.array(z.object({ name: z.string(), kind: z.enum(['stt', 'tts']), licence: z.string(), source: z.string() })),
  installed: z.boolean(),
  folder: z.string(),
})
export type ModelSet = Readonly<z.infer<typeof ModelSet>>

export const ModelProgress = z.object({
  set_id: z.string(),
  phase: z.enum(['downloading', 'verifying', 'converting', 'done']),
  item: z.string(),
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
    summary: 'Built-in model sets and whether they are here',
    input: z.object({}),
    output: z.object({ sets: z.array(ModelSet) }),
  }),
  'model.get': operation({
    kind: 'job',
    role: 'admin',
    audit: 'model',
    idempotent: true,
    summary: 'Fetch a model set: pinned, checked by SHA-256, resumable',
    /** `mirror`: base URL or folder that holds the same files. */
    input: z.object({ set_id: z.string(), mirror: z.string().optional() }),
    output: ModelSet,
  }),
  'model.find_servers': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Look for Ollama, LM Studio and llama-server on their usual ports',
    input: z.object({}),
    output: z.object({ servers: z.array(LocalServer) }),
  }),
} as const
