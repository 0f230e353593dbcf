import { slugAgentId } from '../../../core/agent/agent-slug.ts'
import { AgentId } from '../../../core/contract/ids.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'

/** An id from a free-text name, with the first suffix that makes it unique (`groq-agent-2`). */
export async function freeAgentId(store: Store, scope: TenantScope, name: string): Promise<AgentId> {
  const wanted = slugAgentId(name)
  const stem = wanted.slice(0, 58)
  const taken = await store.agents.takenIds(scope, stem)
  if (!taken.has(wanted.toLowerCase())) return wanted
  for (let suffix = 2; ; suffix += 1) {
    const id = `${stem}-${suffix}`
    if (!taken.has(id.toLowerCase())) return AgentId.parse(id)
  }
}
