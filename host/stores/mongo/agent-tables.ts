import * as z from 'zod'
import { AgentRevision, AgentVersion, DocumentJson, WorkingCopy } from '../../../core/contract/agents.ts'
import { AgentId, Millis } from '../../../core/contract/ids.ts'
import { Problem } from '../../../core/contract/errors.ts'
import { table } from './table.ts'

/** What is known of an agent beside its documents; lists and routing read nothing else. `key`: `agent_id` without case. */
const HeadRow = z.object({
  agent_id: AgentId,
  key: z.string(),
  id: z.string(),
  name: z.string(),
  name_key: z.string(),
  description: z.string(),
  agent_type: z.string(),
  tags: z.array(z.string()),
  search_text: z.string(),
  field_count: z.int(),
  routing: z.json().optional(),
  revision: z.int(),
  content_hash: z.string(),
  author: z.string(),
  edit_count: z.int(),
  unsaved: z.boolean(),
  enabled: z.boolean(),
  is_default: z.boolean(),
  owner_id: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  version: z.string().optional(),
  version_hash: z.string().optional(),
  /** What workers serve; absent: head. */
  served_revision: z.int().optional(),
  created_at: Millis,
  updated_at: Millis,
  deleted: z.boolean(),
  deleted_at: Millis.optional(),
  /** `_id` (extended JSON) of its document among the clients'. */
  mirror_id: z.string(),
})
export type HeadRow = Readonly<z.infer<typeof HeadRow>>

export const keyOf = (agent_id: string): string => agent_id.toLowerCase()

export const HEADS = table('agent_heads', HeadRow, ({ key }) => [key])
export const REVISIONS = table('agent_revisions', AgentRevision, ({ agent_id, revision }) => [keyOf(agent_id), revision])
export const VERSIONS = table('agent_versions', AgentVersion, ({ agent_id, version }) => [keyOf(agent_id), version])

const CopyRow = WorkingCopy.extend({ agent_id: AgentId })
export const COPIES = table('agent_working_copies', CopyRow, ({ agent_id }) => [keyOf(agent_id)])

/** A document that somebody else wrote and that cannot be served: why, and which text of it (`hash`) that was. */
const ForeignRow = z.object({
  mirror_id: z.string(),
  agent_id: z.string(),
  hash: z.string(),
  problems: z.array(Problem),
  /** As it was, for whoever looks for it after somebody has written over it. */
  document: DocumentJson,
  /** It is served again, or somebody has written over it. */
  settled: z.boolean(),
  at: Millis,
})
export type ForeignRow = Readonly<z.infer<typeof ForeignRow>>
export const FOREIGN = table('agent_refused', ForeignRow, ({ mirror_id }) => [mirror_id])
