import * as z from 'zod'
import { AgentId } from './ids.ts'
import { Semver } from './agents.ts'
import { operation } from './operation.ts'

export const BundleFile = z.object({ path: z.string(), size: z.int(), sha256: z.string() })
export type BundleFile = Readonly<z.infer<typeof BundleFile>>

/** What an import would do; nothing is written until `bundle.apply`. */
export const ImportPreview = z.object({
  import_id: z.string(),
  agent_id: AgentId,
  name: z.string(),
  /** `create`; `update`: head gets a new revision; `same`: nothing to do. */
  effect: z.enum(['create', 'update', 'same']),
  versions: z.array(z.object({ version: Semver, effect: z.enum(['create', 'same', 'conflict']) })),
  /** JSON pointers of what differs from head, with both values, for `update`. */
  changes: z.array(z.object({ path: z.string(), before: z.json().optional(), after: z.json().optional() })),
  secret_references: z.array(z.string()),
  warnings: z.array(z.string()),
})
export type ImportPreview = Readonly<z.infer<typeof ImportPreview>>

export const bundleOperations = {
  'bundle.inspect': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'What an export of an agent would contain, and the secret references in it',
    input: z.object({ agent_id: AgentId, versions: z.union([z.literal('all'), z.array(Semver)]).default([]) }),
    output: z.object({
      file_name: z.string(),
      files: z.array(BundleFile),
      secret_references: z.array(z.string()),
      problems: z.array(z.string()),
    }),
  }),
  /** Writes to a shell grant, to a host path (CLI only), or hands out a one-use download path on this origin. */
  'bundle.export': operation({
    kind: 'command',
    role: 'viewer',
    summary: 'Export an agent as a bundle (.greenroom) or as a folder for git',
    input: z.object({
      agent_id: AgentId,
      versions: z.union([z.literal('all'), z.array(Semver)]).default([]),
      to: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('download') }),
        z.object({ kind: z.literal('grant'), grant: z.string() }),
        z.object({ kind: z.literal('path'), path: z.string(), form: z.enum(['bundle', 'folder']) }),
      ]),
    }),
    output: z.object({ file_name: z.string(), size: z.int(), sha256: z.string(), download_path: z.string().optional() }),
  }),
  /** The bytes come first: POST /files/import (page), a shell grant, or a host path (CLI only). */
  'bundle.preview': operation({
    kind: 'query',
    role: 'developer',
    summary: 'Read a bundle or folder, refuse it if it is hostile or broken, and say what importing would change',
    input: z.object({
      from: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('upload'), upload_id: z.string() }),
        z.object({ kind: z.literal('grant'), grant: z.string() }),
        z.object({ kind: z.literal('path'), path: z.string() }),
      ]),
      /** Import under another id. */
      agent_id: AgentId.optional(),
    }),
    output: ImportPreview,
  }),
  'bundle.apply': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Import what was previewed, all of it or nothing',
    input: z.object({ import_id: z.string() }),
    output: z.object({ agent_id: AgentId, effect: z.enum(['create', 'update', 'same']) }),
  }),
} as const
