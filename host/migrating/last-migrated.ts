import type { RevisionSummary } from '../../core/contract/agents.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'

export const MIGRATED_NOTE = 'Brought in from another system'

const PAGE = 100

/** The newest revision of an agent that came from another system. */
export async function lastMigrated(store: Store, scope: TenantScope, agent_id: string): Promise<RevisionSummary | undefined> {
  for (let cursor: string | undefined; ;) {
    const page = await store.agents.listRevisions(scope, agent_id, { limit: PAGE, cursor })
    const found = page.rows.find(({ note }) => note === MIGRATED_NOTE)
    if (found || page.next_cursor === undefined) return found
    cursor = page.next_cursor
  }
}
