import * as z from 'zod'
import { AgentId } from '../contract/ids.ts'
import { Semver, type DocumentJson } from '../contract/agents.ts'

/** The bundle format that this build writes; a higher number in a manifest is refused with a text that says so. */
export const BUNDLE_FORMAT = 1

/** File name of an exported bundle. */
export const BUNDLE_EXTENSION = '.greenroom'

/** What a bundle says about itself. It holds no time, so that the same agent always gives the same bytes. */
export const Manifest = z.looseObject({
  format: z.int().min(1),
  agent_id: AgentId,
  created_by: z.string().max(200),
  files: z.record(
    z.string(),
    z.looseObject({ size: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 small hex digits') }),
  ),
})
export type Manifest = Readonly<z.infer<typeof Manifest>>

/** `versions/<version>/version.json`: a published version apart from its content. Revision numbers belong to a store and stay there. */
export const VersionFile = z.object({
  version: Semver,
  name: z.string().max(200),
  note: z.string().max(10_000),
  author: z.string().max(128),
  /** ISO 8601, UTC, milliseconds. */
  created_at: z.iso.datetime({ precision: 3, error: 'must be an ISO 8601 time in UTC such as 2026-01-31T09:30:00.000Z' }),
  /** SHA-256 of the content's canonical JSON: a version is immutable, so an edit by hand is noticed. */
  content_hash: z.string(),
})
export type VersionFile = Readonly<z.infer<typeof VersionFile>>

export type BundleVersion = Readonly<{
  version: string
  name: string
  note: string
  author: string
  created_at: number
  content: DocumentJson
}>

/** An agent outside a store: head's content and the versions that were chosen. */
export type AgentBundle = Readonly<{ content: DocumentJson; versions: readonly BundleVersion[] }>

/** Path → text. Every file of a bundle is UTF-8 text. */
export type BundleFiles = ReadonlyMap<string, string>
