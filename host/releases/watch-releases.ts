import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import { UserId } from '../../core/contract/ids.ts'
import type { Release } from '../../core/contract/releases.ts'
import { releaseVerdict } from '../../core/routing/release-verdict.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { createWeightsJudge } from './judge-weights.ts'
import { changedRelease, saveRelease } from './release-changes.ts'
import type { ReleaseDeps } from './release-deps.ts'

/** Who stops what nobody stopped, for the audit. */
const SYSTEM_USER = UserId.parse('system')

export type ReleaseWatch = Readonly<{
  /** Call it with every event of the studio. */
  onStudioEvent: (event: StudioEvent) => void
  /** Resolves when every call that ended so far is judged. */
  settled: () => Promise<void>
  /** Looks at nothing more; resolves when what it looks at now is judged. */
  close: () => Promise<void>
}>

/**
 * Looks at an agent's rollout, and at the A/B weights that led to it, whenever one of its calls has ended, on whichever instance, and stops
 * what is past its bounds. Several instances may see that at once: the first one stops it, the others find it stopped.
 */
export function watchReleases(deps: ReleaseDeps & Readonly<{ log: Logger; own: TenantScope }>): ReleaseWatch {
  const judgeWeights = createWeightsJudge(deps)
  let isClosed = false
  /** Looked at now; true: another call has ended meanwhile. */
  const looking = new Map<string, { again: boolean; done: Promise<void> }>()

  async function judge(scope: TenantScope, release: Release): Promise<void> {
    const reason = releaseVerdict(release, await deps.calls.armStats(scope, release.release_id, release.created_at))
    if (reason === undefined) return
    try {
      const stopped = changedRelease(release, { state: 'stopped', reason }, deps.clock())
      await saveRelease(deps, scope, { release: stopped, before: release, action: 'release.stop' })
      deps.log.warn({ agent_id: release.agent_id, version: release.version, reason }, 'a release was stopped')
    } catch (cause) {
      if (!(cause instanceof StudioError) || cause.code !== 'conflict') throw cause
    }
  }

  async function look(scope: TenantScope, agent_id: string): Promise<void> {
    const release = (await deps.store.releases.rolling(scope)).find((one) => one.agent_id === agent_id)
    if (release) await judge(scope, release)
  }

  /** `key`: of what is looked at. */
  function ended(key: string, judged: () => Promise<void>): void {
    const present = looking.get(key)
    if (present) {
      present.again = true
      return
    }
    const one = { again: false, done: Promise.resolve() }
    looking.set(key, one)
    one.done = judged()
      .catch((error: unknown) => deps.log.warn({ of: key.split('\0'), error }, 'a rollout could not be judged'))
      .finally(() => {
        looking.delete(key)
        if (one.again && !isClosed) ended(key, judged)
      })
  }

  async function settled(): Promise<void> {
    while (looking.size > 0) await Promise.all([...looking.values()].map(({ done }) => done))
  }

  return {
    onStudioEvent: (event) => {
      if (isClosed || event.type !== 'session.changed' || event.session.state !== 'ended') return
      const { agent_id, route } = event.session
      const scope = { tenant_id: event.tenant_id ?? deps.own.tenant_id, user_id: SYSTEM_USER }
      ended(`${scope.tenant_id}\0${agent_id}`, () => look(scope, agent_id))
      if (route === 'weights') ended(scope.tenant_id, () => judgeWeights(scope))
    },
    settled,
    close: () => {
      isClosed = true
      return settled()
    },
  }
}
