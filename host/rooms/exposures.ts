import type { ConnectionId } from '../../core/contract/connections.ts'
import type { TenantId } from '../../core/contract/ids.ts'
import { servesAgent } from '../../core/routing/worker-filter.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { LiveConnection } from '../livekit/live-connection.ts'
import type { Worker } from '../runtime/worker-port.ts'
import type { RoomDeps } from './room-deps.ts'

export type ExposureDeps = Pick<RoomDeps, 'tenants' | 'names' | 'connections' | 'router' | 'filter' | 'log'> &
  Readonly<{ worker: Pick<Worker, 'expose'> }>

/** A connection as the worker uses it. `scope`: the one tenant whose it is; absent: all tenants share it. */
export type Place = Readonly<{ connection: LiveConnection; scope?: TenantScope }>

/** Under which names the worker is registered where: follows connections, keys and agents. */
export type Exposures = Readonly<{
  /** This name is needed there; resolves when the worker knows. */
  want: (key: ConnectionId, dispatch_name: string) => Promise<void>
  /** Something changed that they depend on; of one tenant, or of any. */
  update: (tenant_id?: TenantId) => Promise<void>
  /** What the worker calls so. */
  place: (key: ConnectionId) => Place | undefined
  /** Nothing is told from now on. */
  close: () => void
}>

/** What one tenant wants to be registered. */
type Wanted = Readonly<{ scope: TenantScope; connections: readonly LiveConnection[]; agent_ids: readonly string[] }>

export function createExposures({ tenants, names, connections, router, filter, worker, log }: ExposureDeps): Exposures {
  const asked = new Map<ConnectionId, Set<string>>()
  /** What each tenant wants, until something of it changes. */
  const wanted = new Map<TenantId, Wanted>()
  const stale = new Set<TenantId | 'all'>(['all'])
  let places = new Map<ConnectionId, Place>()
  let told = ''
  let closed = false
  let last: Promise<void> = Promise.resolve()

  async function readTenant(scope: TenantScope): Promise<void> {
    const usable = await connections.usable(scope)
    const agents = usable.some(({ serve }) => serve) ? await router.agents(scope) : []
    // Also a disabled one: a job that nobody is offered leaves its caller waiting, and so the next rule answers, or says why nobody does.
    const named = agents.filter((agent) => agent.dispatch_by_name && servesAgent(filter, agent))
    wanted.set(scope.tenant_id, { scope, connections: usable, agent_ids: named.map(({ agent_id }) => agent_id) })
  }

  async function readStale(): Promise<void> {
    const changed = [...stale]
    stale.clear()
    try {
      if (changed.includes('all')) {
        const scopes = await tenants.list()
        for (const known of [...wanted.keys()]) if (!scopes.some(({ tenant_id }) => tenant_id === known)) wanted.delete(known)
        for (const scope of scopes) await readTenant(scope)
        return
      }
      for (const tenant_id of changed) {
        const scope = await tenants.find(tenant_id)
        if (scope) await readTenant(scope)
        else if (tenant_id !== 'all') wanted.delete(tenant_id)
      }
    } catch (cause) {
      for (const one of changed) stale.add(one)
      throw cause
    }
  }

  /** Each name once on each connection, however many tenants have it. */
  function namesOn({ key, serve, automatic }: LiveConnection, agent_ids: readonly string[]): string[] {
    return [
      ...(asked.get(key) ?? []),
      ...(serve && names.common.always ? [names.common.name] : []),
      ...(serve ? agent_ids : []),
      ...(automatic ? [''] : []),
    ]
  }

  async function tell(): Promise<void> {
    if (closed) return
    await readStale()
    const exposed = new Map<ConnectionId, { place: Place; names: Set<string> }>()
    for (const { scope, connections: usable, agent_ids } of wanted.values()) {
      for (const connection of usable) {
        const isShared = connection.key === connection.connection_id
        const entry = exposed.get(connection.key) ?? {
          place: { connection, ...(!isShared && { scope }) },
          names: new Set<string>(),
        }
        for (const name of namesOn(connection, agent_ids)) entry.names.add(name)
        exposed.set(connection.key, entry)
      }
    }
    places = new Map([...exposed].map(([key, { place }]) => [key, place]))
    const exposures = [...exposed].flatMap(([key, { place, names: all }]) => {
      const { url, api_key, api_secret } = place.connection
      return [...all].map((dispatch_name) => ({ connection_id: key, url, api_key, api_secret, dispatch_name }))
    })
    const now = JSON.stringify(exposures)
    if (now === told) return
    told = now
    worker.expose(exposures)
  }

  /** One after the other, so that the newest is told last. */
  function update(of?: TenantId | 'all'): Promise<void> {
    if (of !== undefined) stale.add(of)
    last = last.then(tell).catch((error: unknown) => {
      if (closed) return
      log.error({ error }, 'the worker could not be told under which names it answers')
    })
    return last
  }

  return {
    want: (key, dispatch_name) => {
      asked.set(key, (asked.get(key) ?? new Set()).add(dispatch_name))
      return update()
    },
    update: (tenant_id) => update(tenant_id ?? 'all'),
    place: (key) => places.get(key),
    close: () => void (closed = true),
  }
}
