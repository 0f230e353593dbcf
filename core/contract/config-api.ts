import * as z from 'zod'
import { DocumentJson, Semver } from './agents.ts'
import { AgentId, Revision, SessionId } from './ids.ts'
import { operation } from './operation.ts'
import { PageQuery } from './page.ts'

/** Content and state of an agent merged in one body, under the keys of the agent document. */
const Whole = z.object({ document: DocumentJson, etag: z.string() })
const one = z.object({ agent_id: AgentId })
const write = one.extend({ if_match: z.string().max(200).optional() })
const base = '/api/v1/agents' as const
/** ISO 8601, as REST writes times. */
const Iso = z.iso.datetime()

export const ConfigSummary = z.object({
  agent_id: AgentId,
  id: z.string(),
  name: z.string(),
  description: z.string(),
  agent_type: z.string(),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  is_default: z.boolean(),
  version: Semver.optional(),
  /** Changed since `version` was published. */
  modified_since_version: z.boolean(),
  revision: Revision,
  field_count: z.int(),
  labels: z.record(z.string(), Semver),
  created_at: Iso,
  updated_at: Iso,
})

/** The configuration API: whole agent documents. Each write is a revision of its author, and what workers serve from then on. */
export const configOperations = {
  'config.create': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Create an agent; missing parts get defaults, the smallest is agent_id and prompt_config.instructions',
    rest: { method: 'POST', path: `${base}/config`, status: 201, body: 'document', reply: 'document' },
    input: z.object({ document: DocumentJson }),
    output: Whole,
  }),
  'config.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'An agent as one document; version: an older one',
    rest: { method: 'GET', path: `${base}/config/:agent_id`, reply: 'document' },
    input: one.extend({ version: Semver.optional() }),
    output: Whole,
  }),
  'config.update': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Change parts of an agent: keys merge deeply, arrays replace, null removes an optional key',
    rest: { method: 'PUT', path: `${base}/config/:agent_id`, body: 'patch', reply: 'document' },
    input: write.extend({ patch: DocumentJson }),
    output: Whole,
  }),
  'config.delete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Disable an agent and keep its document and history; purge (admin): remove it for ever',
    rest: { method: 'DELETE', path: `${base}/config/:agent_id`, reply: 'document' },
    input: write.extend({ purge: z.boolean().default(false) }),
    output: Whole.partial(),
  }),
  'config.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Agents by name',
    rest: { method: 'GET', path: `${base}/list` },
    input: PageQuery.extend({
      q: z.string().max(200).optional(),
      agent_type: z.string().max(64).optional(),
      enabled: z.boolean().optional(),
      tag: z.string().max(64).optional(),
    }),
    output: z.object({ agents: z.array(ConfigSummary), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'config.add_field': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Add one output field; 409 if it is there',
    rest: { method: 'POST', path: `${base}/config/:agent_id/schema/fields`, status: 201, body: 'field', reply: 'document' },
    input: write.extend({ field: z.record(z.string(), z.json()) }),
    output: Whole,
  }),
  'config.remove_field': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Remove an output field; the spoken and the voice-style field stay',
    rest: { method: 'DELETE', path: `${base}/config/:agent_id/schema/fields/:field_name`, reply: 'document' },
    input: write.extend({ field_name: z.string().min(1).max(100) }),
    output: Whole,
  }),
  'config.toggle_tracing': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Switch tracing on or off for an agent, or for one running session',
    rest: { method: 'POST', path: `${base}/config/:agent_id/tracing/toggle`, query: ['enabled', 'session_id'] },
    input: one.extend({ enabled: z.boolean(), session_id: SessionId.optional() }),
    output: z.object({ agent_id: AgentId, enabled: z.boolean(), session_id: SessionId.optional() }),
  }),
  'config.versions': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Published versions, newest first, and the revisions behind them',
    rest: { method: 'GET', path: `${base}/config/:agent_id/versions` },
    input: one,
    output: z.object({
      versions: z.array(
        z.object({
          version: Semver,
          revision: Revision,
          name: z.string(),
          note: z.string(),
          author: z.string(),
          content_hash: z.string(),
          created_at: Iso,
          labels: z.array(z.string()),
        }),
      ),
      count: z.int(),
    }),
  }),
  'config.publish': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary:
      'Make an immutable version of head and serve it; without a version the next patch number; serve=false: only make it, for a release',
    rest: { method: 'POST', path: `${base}/config/:agent_id/publish`, status: 201, reply: 'document' },
    input: write.extend({
      version: Semver.optional(),
      name: z.string().max(200).default(''),
      note: z.string().max(10_000).default(''),
      /** False: what is served stays, until a release or a label says otherwise. */
      serve: z.boolean().default(true),
      /** Changes to head that become part of the version, as an update writes them. */
      patch: DocumentJson.optional(),
    }),
    output: Whole,
  }),
  'config.rollback': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Serve an earlier version again (absent: the one before the present), as a new head',
    rest: { method: 'POST', path: `${base}/config/:agent_id/rollback`, reply: 'document' },
    input: write.extend({ version: Semver.optional() }),
    output: Whole,
  }),
} as const
