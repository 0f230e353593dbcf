import * as z from 'zod'
import { operation } from './operation.ts'

/** Settings of this data folder; layout and the like of the page live under `ui` (browser storage belongs to a port). */
export const Settings = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  /** Folder of the built-in models; absent: `models` in the data folder. */
  models_dir: z.string().optional(),
  sessions_per_process: z.int().min(1).max(50).default(10),
  /** Nothing that Greenroom runs opens a connection beyond this machine. */
  offline: z.boolean().default(false),
  /** Where models are looked for before their own hubs: addresses and folders. */
  model_sources: z.array(z.string().min(1).max(4096)).max(20).default([]),
  ui: z.record(z.string(), z.json()).default({}),
})
export type Settings = Readonly<z.infer<typeof Settings>>

export const settingOperations = {
  'setting.get': operation({ kind: 'query', role: 'viewer', summary: 'All settings', input: z.object({}), output: Settings }),
  'setting.set': operation({
    kind: 'command',
    role: 'developer',
    audit: 'setting',
    idempotent: true,
    summary: 'Change some settings; `ui` is merged key by key, null removes',
    /** Not `Settings.partial()`: that fills defaults in, and so would reset what is not named. An empty `models_dir` removes it. */
    input: z.object({
      theme: Settings.shape.theme.unwrap().optional(),
      models_dir: z.string().max(4096).optional(),
      sessions_per_process: Settings.shape.sessions_per_process.unwrap().optional(),
      offline: z.boolean().optional(),
      model_sources: Settings.shape.model_sources.unwrap().optional(),
      ui: z.record(z.string().min(1).max(200), z.json()).optional(),
    }),
    output: Settings,
  }),
  'system.info': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Version, data folder and state of the parts',
    input: z.object({}),
    output: z.object({
      version: z.string(),
      data_dir: z.string(),
      sqlite_version: z.string(),
      node_version: z.string(),
      platform: z.string(),
      /** Databases that were damaged and had to be recovered at the start of this host: what happened, and where the damaged file lies. */
      recoveries: z.array(z.object({ file: z.string(), at: z.int(), set_aside: z.string(), report: z.string() })),
      processes: z.array(
        z.object({
          kind: z.enum(['session', 'speech', 'espeak', 'llm', 'worker', 'livekit']),
          pid: z.int(),
          state: z.enum(['starting', 'ready', 'stopping']),
          sessions: z.int(),
          memory_mb: z.number(),
        }),
      ),
    }),
  }),
  'job.cancel': operation({
    kind: 'command',
    role: 'developer',
    idempotent: true,
    summary: 'Cancel a running job',
    input: z.object({ job_id: z.string() }),
    output: z.object({ cancelled: z.boolean() }),
  }),
} as const
