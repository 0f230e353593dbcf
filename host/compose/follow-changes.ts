import type { TenantFeedEntry } from '../../core/store/change-feed.ts'
import { DEFAULT_USER } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { AgentId, type TenantId } from '../../core/contract/ids.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import type { Store } from '../../core/store/store.ts'
import { readSettings } from '../settings/setting-handlers.ts'
import { followChanges as follow } from '../stores/cached/change-follower.ts'
import type { Base } from './base.ts'

type FollowDeps = Pick<Base, 'store' | 'emit' | 'own' | 'log' | 'closing'> &
  Readonly<{
    /** Connections are another, of whichever tenant. */
    connectionsChanged: () => void
    /** What was read of before can be read anew. */
    onLate: (listener: () => void) => () => void
  }>

/**
 * What other instances commit happens here as if it had been done here: the same events, so that running calls, routing, names and keys are
 * as new as the store. Own commits are told once more, which changes nothing. Resolves when it is known from where on.
 */
export async function followChanges({ store, emit, own, log, closing, connectionsChanged, onLate }: FollowDeps): Promise<void> {
  const tell = async (told: Told): Promise<void> => {
    const event = await eventOf(store, own, told).catch((cause: unknown) => {
      // A store that is away is asked again; what it cannot say at all must not hold up everything after it.
      if (cause instanceof StudioError && cause.code === 'unavailable') throw cause
      log.error({ err: cause, ...told }, 'a change in the store could not be followed')
      return undefined
    })
    if (event?.type === 'connection.changed') connectionsChanged()
    if (event) emit(event)
  }
  const tellEverything = () => {
    connectionsChanged()
    for (const event of EVERYTHING) emit(event)
  }
  closing.add(onLate(tellEverything))
  let hasBegun = false
  const follower = follow({
    feed: store.feed,
    onEntries: async (entries) => {
      for (const told of distinct(entries)) await tell(told)
    },
    onGap: () => {
      // In the beginning nothing is known that could be of before.
      if (hasBegun) tellEverything()
      hasBegun = true
    },
    log,
  })
  closing.add(follower.close)
  await follower.begun
}

/** Of all tenants: nobody knows what was committed meanwhile. */
const EVERYTHING: readonly StudioEvent[] = [
  { type: 'route.changed' },
  { type: 'secret.changed' },
  { type: 'price.changed' },
  { type: 'release.changed' },
]

/** What has to be read again. */
type Told = Readonly<{ what: What; subject: string; tenant_id: TenantId }>
type What = 'agent' | 'gone' | 'routes' | 'connections' | 'secrets' | 'prices' | 'settings' | 'tenant' | 'release'

const OF_KIND: Readonly<Record<string, What>> = {
  'agent.delete': 'gone',
  'agent.purge': 'gone',
  'route.weights': 'routes',
  'connection.save': 'connections',
  'connection.delete': 'connections',
  'secret.keep': 'secrets',
  'secret.forget': 'secrets',
  'price.set': 'prices',
  'setting.set': 'settings',
  'tenant.save': 'tenant',
  'release.save': 'release',
}

const whatOf = (kind: string): What | undefined => OF_KIND[kind] ?? (/^(agent|version|label)\./.test(kind) ? 'agent' : undefined)

/** An agent that was saved ten times meanwhile is read once, in its last place. */
function distinct(entries: readonly TenantFeedEntry[]): readonly Told[] {
  const all = new Map<string, Told>()
  for (const { kind, subject, tenant_id } of entries) {
    const what = whatOf(kind)
    if (!what) continue
    const told = { what, subject: PER_SUBJECT.has(what) ? subject : '', tenant_id }
    const key = JSON.stringify([tenant_id, what === 'gone' ? 'agent' : what, told.subject.toLowerCase()])
    all.delete(key)
    all.set(key, told)
  }
  return [...all.values()]
}
const PER_SUBJECT: ReadonlySet<What> = new Set(['agent', 'gone', 'tenant', 'release'])

async function eventOf(store: Store, own: Base['own'], { what, subject, tenant_id }: Told): Promise<StudioEvent | undefined> {
  const scope = { tenant_id, user_id: DEFAULT_USER }
  switch (what) {
    case 'agent': {
      const agent = await store.agents.findSummary(scope, subject)
      return agent && agent.deleted_at === undefined ? { type: 'agent.changed', agent, tenant_id } : goneEvent(subject, tenant_id)
    }
    case 'gone': {
      const agent = await store.agents.findSummary(scope, subject)
      // Deleted and brought back, or made anew, in the meantime.
      return agent && agent.deleted_at === undefined ? undefined : goneEvent(subject, tenant_id)
    }
    case 'routes':
      return { type: 'route.changed', tenant_id }
    case 'connections':
      return { type: 'connection.changed' }
    case 'secrets':
      return { type: 'secret.changed', tenant_id }
    case 'prices':
      return { type: 'price.changed' }
    case 'settings':
      return tenant_id === own.tenant_id ? { type: 'setting.changed', settings: await readSettings(store, own) } : undefined
    case 'tenant':
      return { type: 'tenant.changed', tenant_id }
    case 'release': {
      const release = await store.releases.find(scope, subject)
      return { type: 'release.changed', tenant_id, ...(release && { agent_id: release.agent_id }) }
    }
  }
}

function goneEvent(agent_id: string, tenant_id: TenantId): StudioEvent | undefined {
  const known = AgentId.safeParse(agent_id)
  return known.success ? { type: 'agent.deleted', agent_id: known.data, tenant_id } : undefined
}
