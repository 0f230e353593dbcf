import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { Release } from '../../core/contract/releases.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { changedRelease, noRelease, saveRelease } from './release-changes.ts'
import type { ReleaseDeps } from './release-deps.ts'

/** Changes a rollout: from the next call on, on every worker. One that was stopped may go on; one that is complete is history. */
export async function updateRelease(
  deps: ReleaseDeps,
  scope: TenantScope,
  { release_id, share, bounds, state: asked, reason: given }: ParsedInputOf<'release.update'>,
): Promise<Release> {
  const before = await deps.store.releases.find(scope, release_id)
  if (!before) throw noRelease(release_id)
  if (before.state === 'complete') throw isComplete(before)
  const state = asked ?? before.state
  if (state === 'stopped' && share === 1) throw bothAsked()
  const isDone = state === 'rolling' && (share ?? before.share) === 1
  const reason = state === 'stopped' ? (given ?? before.reason ?? `Stopped by ${scope.user_id}.`) : undefined
  const release = changedRelease(
    before,
    { ...(share !== undefined && { share }), ...(bounds && { bounds }), state: isDone ? 'complete' : state, reason },
    deps.clock(),
  )
  return saveRelease(deps, scope, { release, before, action: 'release.update' })
}

const isComplete = ({ agent_id, version }: Release): StudioError =>
  new StudioError(
    'conflict',
    `The release of ${version} of "${agent_id}" is complete.`,
    'Release another version, or roll back with the label "production".',
  )

const bothAsked = (): StudioError =>
  new StudioError(
    'malformed',
    'A release cannot be stopped and completed at once.',
    'Send either "state": "stopped" or "share": 1.',
    [{ path: '/share', message: 'completes the release, which "state" stops' }],
  )
