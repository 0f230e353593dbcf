import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { Release } from '../../core/contract/releases.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { saveRelease } from './release-changes.ts'
import type { ReleaseDeps } from './release-deps.ts'

/** Begins a rollout, or serves the version to everybody at once. */
export async function createRelease(
  deps: ReleaseDeps,
  scope: TenantScope,
  { agent_id: asked, version, share, bounds }: ParsedInputOf<'release.create'>,
): Promise<Release> {
  const { store, clock } = deps
  const served = await store.agents.served(scope, asked)
  if (!served) throw new StudioError('not_found', `There is no agent "${asked}".`, 'Look it up in the list of agents.')
  const agent = await store.agents.findSummary(scope, served.agent_id)
  if (!agent || !(await store.versions.find(scope, agent.agent_id, version))) {
    throw new StudioError(
      'not_found',
      `"${asked}" has no version ${version}.`,
      'Publish it first; its versions stand under /versions.',
    )
  }
  await requireNoneRolling(deps, scope, agent.agent_id)
  const previous = served.version ?? (share === 1 ? version : undefined)
  if (previous === undefined) throw notPublished(agent.agent_id)
  if (share < 1 && previous === version) throw alreadyServed(agent.agent_id, version)
  const now = clock()
  const release: Release = {
    ...{ release_id: v7(), agent_id: agent.agent_id, version, previous, share, bounds },
    state: share === 1 ? 'complete' : 'rolling',
    ...{ created_at: now, updated_at: now },
  }
  return saveRelease(deps, scope, { release, action: 'release.create' })
}

/** Also asked by the store in the commit itself; here for releases that are complete at once. */
async function requireNoneRolling({ store }: ReleaseDeps, scope: TenantScope, agent_id: string): Promise<void> {
  const other = (await store.releases.rolling(scope)).find((one) => one.agent_id === agent_id)
  if (!other) return
  const hint = `Change, complete or stop it (PUT /api/v1/releases/${other.release_id}).`
  throw new StudioError('conflict', `A release of "${agent_id}" is under way already: ${other.version}.`, hint)
}

const notPublished = (agent_id: string): StudioError =>
  new StudioError(
    'conflict',
    `What "${agent_id}" serves now has no version number, so that nobody could be given it back.`,
    'Publish it (it is what callers outside of the share keep getting), then release the new version.',
  )

const alreadyServed = (agent_id: string, version: string): StudioError =>
  new StudioError('conflict', `Everybody gets ${version} of "${agent_id}" already.`, 'Release another version.')
