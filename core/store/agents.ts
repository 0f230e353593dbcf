import type { AgentDetail, AgentRevision, AgentSummary, AgentVersion, DocumentJson, RevisionSummary } from '../contract/agents.ts'
import type { TenantScope } from './scope.ts'

/** One page of a list; `count` is of all matches, `next_cursor` is absent on the last page. */
export type Paged<Row> = Readonly<{ rows: readonly Row[]; count: number; next_cursor?: string }>

export type AgentListQuery = Readonly<{
  q?: string | undefined
  deleted: boolean
  limit: number
  cursor?: string | undefined
  agent_type?: string | undefined
  enabled?: boolean | undefined
  tag?: string | undefined
  /** Only those that belong to this user, and those that belong to nobody. */
  owner_id?: string | undefined
}>

/** What workers serve of an agent: the revision that its `production` label or a write by the API chose, else head. */
export type ServedRevision = Readonly<{
  agent_id: string
  revision: number
  version?: string
  content: DocumentJson
  enabled: boolean
}>

/** What the store knows of one agent; whether head can be changed is for the caller to say. */
export type StoredAgent = Omit<AgentDetail, 'read_only'>

/** Reading agents. Lookups ignore the case of `agent_id`; deleted agents are found until they are purged. */
export type AgentReads = Readonly<{
  find: (scope: TenantScope, agent_id: string) => Promise<StoredAgent | undefined>
  findSummary: (scope: TenantScope, agent_id: string) => Promise<AgentSummary | undefined>
  /** By its UUID. */
  findById: (scope: TenantScope, id: string) => Promise<StoredAgent | undefined>
  /** Undefined: not there, or deleted. */
  served: (scope: TenantScope, agent_id: string) => Promise<ServedRevision | undefined>
  /** By name; a cursor that this store did not make is `malformed`. */
  list: (scope: TenantScope, query: AgentListQuery) => Promise<Paged<AgentSummary>>
  findRevision: (scope: TenantScope, agent_id: string, revision: number) => Promise<AgentRevision | undefined>
  /** Newest first. */
  listRevisions: (
    scope: TenantScope,
    agent_id: string,
    page: Readonly<{ limit: number; cursor?: string | undefined }>,
  ) => Promise<Paged<RevisionSummary>>
  /** Which of these ids are taken, in lower case; deleted agents keep theirs. */
  takenIds: (scope: TenantScope, prefix: string) => Promise<ReadonlySet<string>>
  /** Deleted before `before`, ms since the epoch. */
  listDeletedBefore: (scope: TenantScope, before: number) => Promise<readonly string[]>
}>

/** Reading published versions. */
export type VersionReads = Readonly<{
  /** Newest first. */
  list: (scope: TenantScope, agent_id: string) => Promise<readonly AgentVersion[]>
  /** With content, as exports need them; newest first. */
  listWithContent: (
    scope: TenantScope,
    agent_id: string,
  ) => Promise<readonly (AgentVersion & Readonly<{ content: DocumentJson }>)[]>
  find: (scope: TenantScope, agent_id: string, version: string) => Promise<AgentVersion | undefined>
  findWithContent: (
    scope: TenantScope,
    agent_id: string,
    version: string,
  ) => Promise<(AgentVersion & Readonly<{ content: DocumentJson }>) | undefined>
}>

/** A version on its way in from a bundle; author and time are kept as they are. */
export type ImportedVersion = Readonly<{
  version: string
  name: string
  note: string
  author: string
  created_at: number
  content: DocumentJson
}>

/** Every change to agents; each says what it must find, and the commit fails as `conflict` when it does not. */
export type AgentChange =
  /** `owner_id`: the user that it belongs to, absent: to all of the tenant. */
  | Readonly<{ kind: 'agent.create'; id: string; agent_id: string; content: DocumentJson; note: string; owner_id?: string }>
  /** Workers serve head from now on, until the label `production` moves; clients of the API expect what they wrote to be at work. */
  | Readonly<{ kind: 'agent.serve_head'; agent_id: string }>
  /** Compare and swap: head must still be `based_on`. */
  | Readonly<{ kind: 'agent.revise'; agent_id: string; content: DocumentJson; based_on: number; note: string }>
  /** All or nothing: versions that are there with the same content are skipped, with another one they are a conflict; `based_on` 0: must not exist. */
  | Readonly<{
      kind: 'agent.import'
      id: string
      agent_id: string
      content: DocumentJson
      based_on: number
      note: string
      versions: readonly ImportedVersion[]
    }>
  /** `edit`: the working copy's number that the writer knew, 0 for none. */
  | Readonly<{
      kind: 'working_copy.write'
      agent_id: string
      content: DocumentJson
      based_on: number
      edit: number
      client_id: string
    }>
  /** With `edit`: only if it is still that one; otherwise it stays, which is no conflict. */
  | Readonly<{ kind: 'working_copy.drop'; agent_id: string; edit?: number }>
  /** `revision` must be head, `version` must be new. */
  | Readonly<{ kind: 'version.publish'; agent_id: string; version: string; revision: number; name: string; note: string }>
  /** The version must exist; null removes the label. `production`: workers serve that version from now on. */
  | Readonly<{ kind: 'label.set'; agent_id: string; label: string; version: string | null }>
  /** Making one the default takes it from the one before. */
  | Readonly<{ kind: 'agent.state'; agent_id: string; enabled?: boolean; is_default?: boolean }>
  | Readonly<{ kind: 'agent.delete'; agent_id: string }>
  | Readonly<{ kind: 'agent.undelete'; agent_id: string }>
  /** For ever, with revisions, versions, labels and working copy. */
  | Readonly<{ kind: 'agent.purge'; agent_id: string }>
