import { contentHash } from '../../../core/agent/content-hash.ts'
import { AgentId } from '../../../core/contract/ids.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { deleted, noAgent } from '../sql/agent-conflict.ts'
import { HEADS, keyOf, type HeadRow } from './agent-tables.ts'
import { headColumns } from './head-columns.ts'
import { ownMirrorId } from './mirror-document.ts'
import type { Write } from './write.ts'

export const findHead = ({ unit, scope }: Write, agent_id: string): Promise<HeadRow | undefined> =>
  unit.find(HEADS, scope.tenant_id, [keyOf(agent_id)])

/** The agent as it must be for a change: there, and not deleted. */
export async function requireHead(write: Write, agent_id: string): Promise<HeadRow> {
  const head = await findHead(write, agent_id)
  if (!head) throw noAgent(agent_id)
  if (head.deleted) throw deleted(head.agent_id)
  return head
}

/** A head that nothing has been done with yet. */
export function newHead(
  { scope, at }: Write,
  {
    id,
    agent_id,
    content,
    owner_id,
  }: Readonly<{ id: string; agent_id: string; content: DocumentJson; owner_id?: string | undefined }>,
): HeadRow {
  const key = keyOf(agent_id)
  return {
    ...headColumns(agent_id, content),
    ...{ agent_id: AgentId.parse(agent_id), key, id, owner_id, revision: 1, content_hash: contentHash(content) },
    ...{ author: scope.user_id, edit_count: 0, unsaved: false, enabled: true, is_default: false, labels: {}, deleted: false },
    ...{ created_at: at, updated_at: at, mirror_id: ownMirrorId(scope.tenant_id, agent_id) },
  }
}
