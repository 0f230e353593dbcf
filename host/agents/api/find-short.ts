import { slugAgentId } from '../../../core/agent/agent-slug.ts'
import type { AgentSummary } from '../../../core/contract/agents.ts'
import { AgentId } from '../../../core/contract/ids.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'
import { noSuchAgent } from './find-agent.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const PAGE = 200

/** By UUID, id or name, among the caller's own agents and those that belong to nobody. Throws `not_found`. */
export async function findShort(store: Store, scope: TenantScope, asked: string): Promise<StoredAgent> {
  const agent = (await byId(store, scope, asked)) ?? (await byName(store, scope, asked))
  if (!agent || !isVisible(agent.summary, scope)) throw noSuchAgent(asked)
  return agent
}

/** The agent of that name, whatever its case. */
export async function findNamed(store: Store, scope: TenantScope, name: string): Promise<AgentSummary | undefined> {
  const wanted = folded(name)
  // The usual id of the name first, then the search.
  const usual = await store.agents.findSummary(scope, slugAgentId(name))
  if (usual && folded(usual.name) === wanted && isVisible(usual, scope)) return usual
  let cursor: string | undefined
  do {
    const page = await store.agents.list(scope, {
      q: name.slice(0, 200),
      deleted: false,
      limit: PAGE,
      cursor,
      owner_id: scope.user_id,
    })
    const found = page.rows.find((row) => folded(row.name) === wanted)
    if (found) return found
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return undefined
}

/** Agents of other users are not there for this one. */
const isVisible = ({ owner_id, deleted_at }: AgentSummary, { user_id }: TenantScope): boolean =>
  deleted_at === undefined && (owner_id === undefined || owner_id === user_id)

async function byId(store: Store, scope: TenantScope, asked: string): Promise<StoredAgent | undefined> {
  const found = UUID.test(asked) ? await store.agents.findById(scope, asked.toLowerCase()) : undefined
  if (found || !AgentId.safeParse(asked).success) return found
  return store.agents.find(scope, asked)
}

async function byName(store: Store, scope: TenantScope, asked: string): Promise<StoredAgent | undefined> {
  const summary = await findNamed(store, scope, asked)
  return summary && store.agents.find(scope, summary.agent_id)
}

const folded = (name: string): string => name.normalize('NFC').trim().toLowerCase()
