import { v7 } from 'uuid'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Change, Store } from '../../core/store/store.ts'
import { contentFor, requireValid } from './document-state.ts'
import { readSamples, type Sample } from './read-samples.ts'

const KEPT_FOR_MS = 30 * 24 * 3_600_000

/** The sample agents, in a store in which nothing was ever done; all of them or none. Returns how many. */
export async function addSamples(store: Store, scope: TenantScope, samples_dir: string): Promise<number> {
  if ((await store.audit.list(scope, 0, 1)).length > 0) return 0
  const samples = await readSamples(samples_dir)
  await commitSamples(store, scope, samples)
  return samples.length
}

/** Those of the sample agents that the library has not. Returns how many. */
export async function addMissingSamples(store: Store, scope: TenantScope, samples_dir: string): Promise<number> {
  const samples = await readSamples(samples_dir)
  const taken = await Promise.all(samples.map(({ sample_id }) => store.agents.findSummary(scope, sample_id)))
  const missing = samples.filter((_, at) => !taken[at])
  if (missing.length > 0) await commitSamples(store, scope, missing)
  return missing.length
}

async function commitSamples(store: Store, scope: TenantScope, samples: readonly Sample[]): Promise<void> {
  const changes = samples.map(({ sample_id, content }): Change => {
    const own = contentFor(sample_id, content)
    requireValid(own)
    return { kind: 'agent.create', id: v7(), agent_id: sample_id, content: own, note: 'Sample' }
  })
  await store.commit(scope, changes, { action: 'agent.samples', subject: 'samples', detail: { count: changes.length } })
}

/** Removes for ever what was deleted 30 days ago. Returns how many agents. */
export async function purgeDeletedAgents(store: Store, scope: TenantScope, now: number): Promise<number> {
  const agent_ids = await store.agents.listDeletedBefore(scope, now - KEPT_FOR_MS)
  if (agent_ids.length === 0) return 0
  const changes = agent_ids.map((agent_id): Change => ({ kind: 'agent.purge', agent_id }))
  await store.commit(scope, changes, { action: 'agent.purge', subject: 'agents', detail: { agent_ids: [...agent_ids] } })
  return agent_ids.length
}
