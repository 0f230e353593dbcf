import type { AgentSummary } from '../../../core/contract/agents.ts'
import type { OutputOf, ParsedInputOf } from '../../../core/contract/index.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'
import type { WholeReader } from './whole.ts'

type Config = OutputOf<'config.list'>['agents'][number]

export async function listConfigs(
  store: Store,
  whole: WholeReader,
  scope: TenantScope,
  query: ParsedInputOf<'config.list'>,
): Promise<OutputOf<'config.list'>> {
  const { rows, count, next_cursor } = await store.agents.list(scope, { ...query, deleted: false })
  const agents = await Promise.all(rows.map(async (summary) => configOf(summary, await whole.shown(scope, { summary }))))
  return { agents, count, ...(next_cursor !== undefined && { next_cursor }) }
}

function configOf(summary: AgentSummary, { version, modified }: Awaited<ReturnType<WholeReader['shown']>>): Config {
  const { agent_id, id, name, description, agent_type, tags, enabled, is_default, revision, field_count, labels } = summary
  return {
    ...{ agent_id, id, name, description, agent_type, tags, enabled, is_default },
    ...(version !== undefined && { version }),
    modified_since_version: modified,
    ...{ revision, field_count, labels },
    created_at: new Date(summary.created_at).toISOString(),
    updated_at: new Date(summary.updated_at).toISOString(),
  }
}
