import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import { UserId } from '../../core/contract/ids.ts'
import type { Release } from '../../core/contract/releases.ts'
import { releaseVerdict } from '../../core/routing/release-verdict.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { changedRelease, saveRelease } from './release-changes.ts'
import type { ReleaseDeps } from './release-deps.ts'

/** Who stops a release that nobody stopped, for the audit. */
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
 * Looks at an agent's rollout whenever one of its calls has ended, on whichever instance, and stops it when it is past its bounds. Several
 * instances may see that at once: the first one stops it, the others find it stopped.
 */
export function watchReleases(deps: ReleaseDeps & Readonly<{ log: Logger; own: TenantScope }>): ReleaseWatch {
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

  function ended(scope: TenantScope, agent_id: string): void {
    const key = `${scope.tenant_id}\0${agent_id}`
    const present = looking.get(key)
    if (present) {
      present.again = true
      return
    }
    const one = { again: false, done: Promise.resolve() }
    looking.set(key, one)
    one.done = look(scope, agent_id)
      .catch((error: unknown) => deps.log.warn({ agent_id, error }, 'a release could not be judged'))
      .finally(() => {
        looking.delete(key)
        if (one.again && !isClosed) ended(scope, agent_id)
      })
  }

  async function settled(): Promise<void> {
    while (looking.size > 0) await Promise.all([...looking.values()].map(({ done }) => done))
  }

  return {
    onStudioEvent: (event) => {
      if (isClosed || event.type !== 'session.changed' || event.session.state !== 'ended') return
      ended({ tenant_id: event.tenant_id ?? deps.own.tenant_id, user_id: SYSTEM_USER }, event.session.agent_id)
    },
    settled,
    close: () => {
      isClosed = true
      return settled()
    },
  }
}
