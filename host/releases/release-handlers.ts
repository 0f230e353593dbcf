import type { HandlersOf } from '../handler.ts'
import { createRelease } from './create-release.ts'
import { noRelease } from './release-changes.ts'
import type { ReleaseDeps } from './release-deps.ts'
import { updateRelease } from './update-release.ts'
import { weightedArms } from './weighted-arms.ts'

type Operation = 'release.list' | 'release.create' | 'release.get' | 'release.update' | 'route.arms'

export const releaseHandlers = (deps: ReleaseDeps): HandlersOf<Operation> => ({
  'release.list': async (query, { caller }) => {
    const { rows, ...page } = await deps.store.releases.list(caller, query)
    return { releases: [...rows], ...page }
  },
  'release.create': (input, { caller }) => createRelease(deps, caller, input),
  'release.get': async ({ release_id }, { caller }) => {
    const release = await deps.store.releases.find(caller, release_id)
    if (!release) throw noRelease(release_id)
    const arms = await deps.calls.armStats(caller, release_id, release.created_at)
    return { release, arms: [...arms] }
  },
  'route.arms': (input, { caller }) => weightedArms(deps, caller, input),
  'release.update': (input, { caller }) => updateRelease(deps, caller, input),
})
