import type { AgentSummary } from '../../core/contract/agents.ts'
import type { AgentId } from '../../core/contract/ids.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'

export const MIGRATED_NOTE = 'Brought in from another system'

const PAGE = 100

/** An agent that is here already. `migrated_hash`: of the newest of its revisions that came from another system. */
export type Known = Readonly<{ summary: AgentSummary; head_hash: string; migrated_hash: string | undefined }>

/** Reads no documents. */
export async function knownAs(store: Store, scope: TenantScope, agent_id: AgentId | undefined): Promise<Known | undefined> {
  const summary = agent_id === undefined ? undefined : await store.agents.findSummary(scope, agent_id)
  if (!summary) return undefined
  let head_hash: string | undefined
  for (let cursor: string | undefined; ;) {
    const page = await store.agents.listRevisions(scope, summary.agent_id, { limit: PAGE, cursor })
    head_hash ??= page.rows[0]?.content_hash
    const migrated = page.rows.find(({ note }) => note === MIGRATED_NOTE)
    if (migrated || page.next_cursor === undefined) {
      return { summary, head_hash: head_hash ?? '', migrated_hash: migrated?.content_hash }
    }
    cursor = page.next_cursor
  }
}
