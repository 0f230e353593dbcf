import type { ConnectionId } from '../../core/contract/connections.ts'
import type { Exposure } from '../../core/contract/worker.ts'
import { servesAgent } from '../../core/routing/worker-filter.ts'
import type { LiveConnection } from '../livekit/live-connection.ts'
import type { Worker } from '../runtime/worker-port.ts'
import type { RoomDeps, ServedAgent } from './room-deps.ts'

export type ExposureDeps = Pick<RoomDeps, 'scope' | 'private_name' | 'connections' | 'router' | 'filter' | 'log'> &
  Readonly<{ worker: Pick<Worker, 'expose'> }>

/** Under which names the worker is registered where: follows connections, keys and agents. */
export type Exposures = Readonly<{
  /** The studio's own calls go through this connection; resolves when the worker knows. */
  want: (connection_id: ConnectionId) => Promise<void>
  /** Something changed that they depend on. */
  update: () => Promise<void>
  /** Nothing is told from now on. */
  close: () => void
}>

export function createExposures({ scope, private_name, connections, router, filter, worker, log }: ExposureDeps): Exposures {
  const wanted = new Set<ConnectionId>()
  let told = ''
  let closed = false
  let last: Promise<void> = Promise.resolve()

  function namesOn(connection: LiveConnection, agents: readonly ServedAgent[]): string[] {
    const { connection_id, serve, automatic } = connection
    return [
      ...(wanted.has(connection_id) ? [private_name] : []),
      ...(serve ? agents.map(({ agent_id }) => agent_id) : []),
      ...(automatic ? [''] : []),
    ]
  }

  async function tell(): Promise<void> {
    if (closed) return
    const usable = await connections.usable(scope)
    const agents = usable.some(({ serve }) => serve) ? await router.agents(scope) : []
    // Also a disabled one: a job that nobody is offered leaves its caller waiting, and so the next rule answers, or says why nobody does.
    const named = agents.filter((agent) => agent.dispatch_by_name && servesAgent(filter, agent))
    const exposures = usable.flatMap((connection) =>
      namesOn(connection, named).map((dispatch_name): Exposure => {
        const { connection_id, url, api_key, api_secret } = connection
        return { connection_id, url, api_key, api_secret, dispatch_name }
      }),
    )
    const now = JSON.stringify(exposures)
    if (now === told) return
    told = now
    worker.expose(exposures)
  }

  /** One after the other, so that the newest is told last. */
  function update(): Promise<void> {
    last = last.then(tell).catch((error: unknown) => {
      if (closed) return
      log.error({ error }, 'the worker could not be told under which names it answers')
    })
    return last
  }

  return {
    want: (connection_id) => {
      wanted.add(connection_id)
      return update()
    },
    update,
    close: () => void (closed = true),
  }
}
