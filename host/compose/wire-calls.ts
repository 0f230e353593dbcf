import { ConnectionId } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { SessionId } from '../../core/contract/ids.ts'
import { readWorkerFilter, servesAgent } from '../../core/routing/worker-filter.ts'
import type { Stores } from '../../core/store/stores.ts'
import { createCheckConnection } from '../connections/check/check-connection.ts'
import { tryMediaInProcess } from '../connections/check/media-step.ts'
import { connectionHandlers } from '../connections/connection-handlers.ts'
import { createInvites } from '../connections/invite/invite-handlers.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ServedHost } from '../http/served-host.ts'
import { privateName } from '../rooms/private-name.ts'
import { roomHandlers } from '../rooms/room-handlers.ts'
import { createRooms } from '../rooms/rooms.ts'
import { workerHandlers } from '../rooms/worker-handlers.ts'
import { createRouting } from '../routing/routing.ts'
import { routingHandlers } from '../routing/routing-handlers.ts'
import { forgetCallerHandlers } from '../sessions/forget-caller.ts'
import { sessionHandlers } from '../sessions/session-handlers.ts'
import { createSessions } from '../sessions/sessions.ts'
import type { Base } from './base.ts'
import type { SettingsNow } from './follow-settings.ts'
import { createCallableAgent } from './callable-agent.ts'
import { countedPlaces, countedTurns } from './counted-calls.ts'
import { mostSessions } from './most-sessions.ts'
import { servedTenants } from './served-tenants.ts'
import { warmGroups } from './warm-groups.ts'
import { wireConnections } from './wire-connections.ts'
import { tracingHandlers } from '../tracing/tracing-handlers.ts'
import { wireTracing } from './wire-tracing.ts'
import { wireSessionPlaces } from './wire-session-places.ts'
import type { Asking } from './wire-runtime.ts'

export type CallsDeps = Readonly<{
  stores: Pick<Stores, 'calls' | 'commands' | 'limits'>
  settings: SettingsNow
  asking: Asking
  /** The built page, of which guests get a part. */
  renderer_dir: string
  metrics: Metrics
}>

/** Calls, with the rooms that they are in and the rules by which agents answer: each needs the other two. */
export function wireCalls(base: Base, { stores, settings, asking, renderer_dir, metrics }: CallsDeps) {
  const { data_dir, host_id, own, store, emit, onEvent, log, clock, closing, server } = base
  const { connections, local } = wireConnections(base, settings)
  const private_name = privateName(data_dir)
  const names = {
    private_name,
    common: server ? { name: server.dispatch_name, always: true } : { name: `${private_name}-calls`, always: false },
  }
  const tenants = servedTenants(own, server, store.directory)
  const max_sessions = mostSessions(process.env['GREENROOM_MAX_SESSIONS'])
  const routing = createRouting({
    store,
    private_name: () => private_name,
    default_agent_id: process.env['GREENROOM_DEFAULT_AGENT'],
    clock,
  })
  const tracing = wireTracing(base, asking, metrics)
  const places = wireSessionPlaces(base, stores, () => sessions)
  const filter = readWorkerFilter(process.env)
  const rooms = createRooms({
    tenants,
    names,
    connections,
    router: routing,
    filter,
    max_sessions,
    startWorker: asking.runtime.worker,
    calls: () => sessions.inRooms,
    onWorkerChange: () => emit({ type: 'connection.changed' }),
    log,
  })
  closing.add(rooms.close)
  const sessions = createSessions({
    ...asking,
    calls: stores.calls,
    owner: host_id,
    seats: rooms.seats,
    onCount: rooms.onCount,
    max_sessions,
    log,
    emit,
    ...places,
    ...(places.quota && { quota: countedPlaces(places.quota, metrics) }),
    head: createCallableAgent(store),
    serves: async (scope, agent_id) =>
      (await routing.agents(scope)).some((agent) => agent.agent_id === agent_id && servesAgent(filter, agent)),
    ownPrices: store.providers.prices,
    tracing: countedTurns(tracing, metrics),
    features: async ({ tenant_id }) => (await store.directory.tenant(tenant_id))?.features,
  })
  closing.add(() => sessions.close())
  const invites = createInvites({ connections, local, summary: sessions.summary, renderer_dir, log, now: clock })
  closing.add(invites.close)
  for (const part of [invites, routing, sessions, rooms]) onEvent((event) => part.onStudioEvent(event))

  const served: Pick<ServedHost, 'subscribeSession' | 'attachMedia' | 'signalUrl'> = {
    subscribeSession: async (scope, session_id, after, sink) =>
      sessions.subscribe(scope, parseSessionId(session_id), after, sink),
    attachMedia: (scope, session_id, upgrade) => sessions.attachMedia(scope, session_id, upgrade),
    signalUrl: async (scope, connection_id) => connections.signalUrl(scope, parseConnectionId(connection_id)),
  }
  return {
    sessions,
    production: {
      connections,
      dispatching: {
        dispatch_name: names.common.name,
        // The workers of a server answer under that name anyway, and a host without one never does.
        want: async (key: ConnectionId) => (server ? undefined : rooms.want(key, names.common.name)),
      },
    },
    worker: rooms.worker,
    served,
    drain: async (signal: AbortSignal): Promise<void> => {
      rooms.worker.drain(true)
      await sessions.drain(signal)
      if (server?.store_url !== undefined) await sessions.handOver()
    },
    processes: local.processes,
    /** From now on a session process is kept ready for the next call, whosever it is. */
    warm: (): void => {
      sessions.warm()
      if (server?.worker) warmGroups(base, asking.runtime.sessions.expect)
    },
    /** Takes up the calls that the last host left, then takes new ones. */
    begin: async () => {
      // Also without a worker: it may hold direct calls.
      sessions.beginObeying()
      if (server && !server.worker) return
      // Calls that nobody ended may be those of other hosts, where others share the store.
      if (server?.store_url === undefined) await sessions.recover()
      else sessions.beginTakingOver()
      void rooms.begin()
    },
    handlers: {
      ...sessionHandlers(sessions),
      ...forgetCallerHandlers({ calls: stores.calls, store, stop: sessions.stop, emit }),
      ...roomHandlers({
        connections,
        calls: sessions.inRooms,
        summary: sessions.summary,
        joinAsCaller: sessions.joinAsCaller,
        setCaller: (...changed) => sessions.setCaller(...changed),
        tell: async (scope, session_id, message) => (await sessions.live(scope, session_id)).send(message),
      }),
      ...workerHandlers({ worker: rooms.worker, store }),
      ...invites.handlers,
      ...connectionHandlers({
        store,
        emit,
        connections,
        local,
        check: createCheckConnection({ connections, tryMedia: tryMediaInProcess(), now: Date.now }),
        worker: rooms.worker.state,
      }),
      ...tracingHandlers({ states: tracing.states, takes_calls: server?.worker !== false }),
      ...routingHandlers({ routing, store, emit, clock }),
    },
  }
}

function parseConnectionId(text: string): ConnectionId {
  const connection_id = ConnectionId.safeParse(text)
  if (connection_id.success) return connection_id.data
  throw new StudioError('not_found', 'There is no such connection.', 'See Settings → LiveKit.')
}

function parseSessionId(text: string): SessionId {
  const session_id = SessionId.safeParse(text)
  if (session_id.success) return session_id.data
  throw new StudioError('not_found', 'There is no such call.', 'Look in Calls.')
}
