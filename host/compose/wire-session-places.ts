import type { Stores } from '../../core/store/stores.ts'
import { createSessionQuota } from '../access/session-quota.ts'
import type { SessionDeps } from '../sessions/session-deps.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Base } from './base.ts'
import { createTenantReach } from './tenant-reach.ts'

const RENEW_MS = 5000

type Places = Pick<SessionDeps, 'quota' | 'processGroup' | 'idle_ms' | 'commands'>

/** How many calls tenants of a server may have, and with whom these share processes; in a studio nothing is limited. */
export function wireSessionPlaces(
  { store, host_id, clock, log, server, closing }: Base,
  { limits, commands }: Pick<Stores, 'limits' | 'commands'>,
  sessions: () => Sessions,
): Places {
  if (!server) return {}
  const quota = createSessionQuota({
    ...{ limits, directory: store.directory, owner: host_id, clock },
    onFailure: (cause) => log.warn({ err: cause }, 'the places of calls could not be kept up to date in the store'),
  })
  const timer = setInterval(() => {
    quota
      .renew()
      .then((over) => Promise.all(over.map((session_id) => sessions().inRooms.end(session_id, 'quota_exceeded'))))
      .catch((error: unknown) => log.warn({ error }, 'the places of calls could not be renewed'))
  }, RENEW_MS).unref()
  closing.add(() => clearInterval(timer))
  return {
    quota,
    commands,
    idle_ms: server.idle_ms,
    processGroup: createTenantReach(store).groupOf,
  }
}
