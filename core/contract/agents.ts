import * as z from 'zod'
import { AgentId, Millis, Revision, TenantId } from './ids.ts'
import { operation } from './operation.ts'
import { PageQuery } from './page.ts'
import { Problem } from './errors.ts'

/** A document on its way in: any JSON object; validated where it must be (save), kept as typed where it need not be (working copy). */
export const DocumentJson = z.record(z.string(), z.json())
export type DocumentJson = Readonly<z.infer<typeof DocumentJson>>

/** `major.minor.patch`, with an optional pre-release (semver.org). */
export const Semver = z
  .string()
  .max(64)
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/, 'must be a semantic version such as 1.2.0')

export const Label = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1-32 small letters, digits or "-", starting with a letter')

export const AgentSummary = z.object({
  id: z.string(),
  agent_id: AgentId,
  name: z.string(),
  description: z.string(),
  agent_type: z.string(),
  tags: z.array(z.string()),
  /** Of head. */
  revision: Revision,
  /** Newest published version, absent while there is none. */
  version: Semver.optional(),
  /** Head has changed since `version` (or nothing is published yet). */
  unpublished: z.boolean(),
  /** There is a working copy that is not saved. */
  unsaved: z.boolean(),
  field_count: z.int(),
  enabled: z.boolean(),
  is_default: z.boolean(),
  /** The user that it belongs to; absent: to all of the tenant. */
  owner_id: z.string().optional(),
  labels: z.record(z.string(), Semver),
  created_at: Millis,
  updated_at: Millis,
  deleted_at: Millis.optional(),
})
export type AgentSummary = Readonly<z.infer<typeof AgentSummary>>

export const WorkingCopy = z.object({
  content: DocumentJson,
  /** The revision that was head when the edit began. */
  based_on: Revision,
  /** Counts writes, so that two windows notice each other. */
  edit: z.int().min(1),
  /** Which window wrote it. */
  client_id: z.string(),
  at: Millis,
})
export type WorkingCopy = Readonly<z.infer<typeof WorkingCopy>>

export const AgentRevision = z.object({
  agent_id: AgentId,
  revision: Revision,
  content: DocumentJson,
  /** SHA-256 of the content's canonical JSON (RFC 8785), hex. */
  content_hash: z.string(),
  author: z.string(),
  note: z.string(),
  created_at: Millis,
})
export type AgentRevision = Readonly<z.infer<typeof AgentRevision>>
export const RevisionSummary = AgentRevision.omit({ content: true })
export type RevisionSummary = Readonly<z.infer<typeof RevisionSummary>>

export const AgentVersion = z.object({
  agent_id: AgentId,
  version: Semver,
  revision: Revision,
  name: z.string(),
  note: z.string(),
  content_hash: z.string(),
  author: z.string(),
  created_at: Millis,
})
export type AgentVersion = Readonly<z.infer<typeof AgentVersion>>

export const AgentDetail = z.object({
  summary: AgentSummary,
  head: AgentRevision,
  working_copy: WorkingCopy.optional(),
  /** The document was written by a newer Greenroom: it can be read and exported, not changed. */
  read_only: z.boolean(),
})
export type AgentDetail = Readonly<z.infer<typeof AgentDetail>>

export const SampleSummary = z.object({
  sample_id: AgentId,
  name: z.string(),
  description: z.string(),
  agent_type: z.string(),
  field_count: z.int(),
})

const one = z.object({ agent_id: AgentId })

export const agentOperations = {
  'agent.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'List agents by name; q searches name, id, description and tags',
    input: PageQuery.extend({ q: z.string().max(200).optional(), deleted: z.boolean().default(false) }),
    output: z.object({ agents: z.array(AgentSummary), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'agent.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'One agent: head and working copy',
    input: one,
    output: AgentDetail,
  }),
  'agent.samples': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'The sample agents that can be started from',
    input: z.object({}),
    output: z.object({ samples: z.array(SampleSummary) }),
  }),
  'agent.create': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Create an agent: blank, from a sample, as a duplicate, or from a whole document',
    input: z.object({
      source: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('blank') }),
        z.object({ kind: z.literal('sample'), sample_id: AgentId }),
        z.object({ kind: z.literal('duplicate'), agent_id: AgentId }),
        z.object({ kind: z.literal('document'), content: DocumentJson }),
      ]),
      name: z.string().trim().min(1).max(200).optional(),
      /** Absent: slugged from the name, with a suffix when taken. Given and taken: `conflict`. */
      agent_id: AgentId.optional(),
    }),
    output: AgentDetail,
  }),
  'agent.edit': operation({
    kind: 'command',
    role: 'developer',
    summary: 'Keep what is being typed; it may be invalid and is never called',
    /** `edit` is the working copy's edit number that the writer knew (0: none); another one is a `conflict`. */
    input: z.object({
      agent_id: AgentId,
      content: DocumentJson,
      based_on: Revision,
      edit: z.int().min(0),
      client_id: z.string().max(64),
    }),
    output: WorkingCopy,
  }),
  'agent.discard': operation({
    kind: 'command',
    role: 'developer',
    idempotent: true,
    summary: 'Drop the working copy',
    input: one,
    output: AgentDetail,
  }),
  'agent.save': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Validate and make the next revision; refused as conflict unless based on head',
    /** `edit`: the working copy's number that the writer knew; a working copy that another window wrote since then is kept, without `edit` none is. */
    input: z.object({
      agent_id: AgentId,
      content: DocumentJson,
      based_on: Revision,
      note: z.string().max(2000).default(''),
      edit: z.int().min(0).optional(),
    }),
    output: AgentRevision,
  }),
  'agent.rename': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Change the name, in head and in the working copy',
    input: z.object({ agent_id: AgentId, name: z.string().trim().min(1).max(200) }),
    output: AgentDetail,
  }),
  'agent.validate': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'What is wrong with a document, and what could be better',
    input: z.object({ content: DocumentJson }),
    output: z.object({ problems: z.array(Problem), warnings: z.array(Problem.extend({ rule: z.string() })) }),
  }),
  'agent.revisions': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Revisions, newest first',
    input: PageQuery.extend({ agent_id: AgentId }),
    output: z.object({ revisions: z.array(RevisionSummary), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'agent.revision': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'One revision with its content',
    input: z.object({ agent_id: AgentId, revision: Revision }),
    output: AgentRevision,
  }),
  'agent.versions': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Published versions, newest first',
    input: one,
    output: z.object({ versions: z.array(AgentVersion) }),
  }),
  'agent.publish': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Make an immutable version of head and point production at it',
    input: z.object({
      agent_id: AgentId,
      version: Semver,
      name: z.string().max(200).default(''),
      note: z.string().max(10_000).default(''),
      revision: Revision,
      /** false: nobody is served it yet; a release brings it to its share of callers. */
      serve: z.boolean().default(true),
    }),
    output: AgentVersion,
  }),
  'agent.restore': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Make a new head with the content of an earlier revision',
    input: z.object({ agent_id: AgentId, revision: Revision, based_on: Revision }),
    output: AgentRevision,
  }),
  'agent.labels': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Which versions the labels of an agent point at',
    rest: { method: 'GET', path: '/api/v1/labels/:agent_id' },
    input: one,
    output: z.object({ agent_id: AgentId, labels: AgentSummary.shape.labels }),
  }),
  'agent.label': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Point a label at a version, or remove it with null',
    rest: { method: 'PUT', path: '/api/v1/labels/:agent_id/:label' },
    input: z.object({ agent_id: AgentId, label: Label, version: Semver.nullable() }),
    output: AgentSummary,
  }),
  'agent.set_state': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Enable or disable an agent, or make it the default (or no longer); no revision is made',
    input: z.object({ agent_id: AgentId, enabled: z.boolean().optional(), is_default: z.boolean().optional() }),
    output: AgentSummary,
  }),
  'agent.delete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Delete an agent; it can be brought back for 30 days',
    input: one,
    output: AgentSummary,
  }),
  'agent.undelete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Bring a deleted agent back',
    input: one,
    output: AgentSummary,
  }),
} as const

/** Whose it is; absent where there is one tenant alone. */
const of = { tenant_id: TenantId.optional() }

/** What every window hears about agents. `client_id` says which window caused it. */
export const AgentEvent = z.discriminatedUnion('type', [
  /** Created, saved, published, labelled, renamed, enabled, undeleted: the summary is the new truth. */
  z.object({ type: z.literal('agent.changed'), agent: AgentSummary, ...of }),
  z.object({ type: z.literal('agent.deleted'), agent_id: AgentId, ...of }),
  /** Another window typed; absent `working_copy` means that it was saved or discarded. */
  z.object({ type: z.literal('agent.edited'), agent_id: AgentId, working_copy: WorkingCopy.optional(), ...of }),
])
export type AgentEvent = Readonly<z.infer<typeof AgentEvent>>
