import { StudioError } from '../../core/contract/errors.ts'
import type { Release } from '../../core/contract/releases.ts'
import type { JsonObject } from '../../core/json.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Change } from '../../core/store/store.ts'
import type { ReleaseDeps } from './release-deps.ts'

/** What is another one in a release; `reason` undefined takes it out. */
type Changed = Partial<Pick<Release, 'share' | 'bounds' | 'state'>> & Readonly<{ reason?: string | undefined }>

/** A later time than the one before, even when both fall into one millisecond: who swaps tells by it whether somebody else was first. */
export function changedRelease({ reason: _, ...release }: Release, { reason, ...changed }: Changed, now: number): Release {
  const updated_at = Math.max(now, release.updated_at + 1)
  return { ...release, ...changed, ...(reason !== undefined && { reason }), updated_at }
}

/** Keeps what a release is now; one that is complete moves what everybody gets with it. Throws `conflict` when somebody else was first. */
export async function saveRelease(
  { store, emit }: ReleaseDeps,
  scope: TenantScope,
  { release, before, action }: Readonly<{ release: Release; before?: Release; action: string }>,
): Promise<Release> {
  const { agent_id, version, share, state, reason, release_id } = release
  const isDone = state === 'complete'
  const changes: Change[] = [{ kind: 'release.save', release, ...(before && { based_on: before.updated_at }) }]
  if (isDone) changes.push({ kind: 'label.set', agent_id, label: 'production', version })
  const detail: JsonObject = { release_id, version, share, state, ...(reason !== undefined && { reason }) }
  await store.commit(scope, changes, { action, subject: agent_id, detail })
  emit({ type: 'release.changed', agent_id, tenant_id: scope.tenant_id })
  const agent = isDone ? await store.agents.findSummary(scope, agent_id) : undefined
  if (agent) emit({ type: 'agent.changed', agent, tenant_id: scope.tenant_id })
  return release
}

export const noRelease = (release_id: string): StudioError =>
  new StudioError('not_found', `There is no release ${release_id}.`, 'Releases stand under /api/v1/releases.')
