import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { RoomJoin, SessionRoom } from '../../core/contract/room-join.ts'
import type { LiveConnection } from '../livekit/live-connection.ts'
import { tenantOfRoom } from '../livekit/room-tenant.ts'
import type { RoomOf, RoomSeats } from '../livekit/room-seat.ts'
import { createServerApi } from '../livekit/server-api.ts'
import { callerToken } from '../livekit/tokens.ts'
import type { Worker } from '../runtime/worker-port.ts'
import { takesNone } from '../runtime/worker-standing.ts'
import { agentIdentity, callerIdentity, callerMetadata, studioRoomName } from './caller-identity.ts'
import type { Exposures } from './exposures.ts'
import type { RoomDeps } from './room-deps.ts'
import { createRoomSeat } from './room-seat.ts'
import { startStudioDispatch, type StudioDispatch } from './studio-dispatch.ts'
import type { TenantScope } from '../../core/store/scope.ts'

export type SeatDeps = Pick<RoomDeps, 'tenants' | 'connections' | 'names' | 'calls' | 'log'> &
  Readonly<{
    worker: Pick<Worker, 'ready' | 'job' | 'state'>
    exposures: Pick<Exposures, 'want'>
    /** Its job will be offered; until `onOver` it is wanted. */
    expect: (session_id: SessionId, dispatch: StudioDispatch) => void
    onToken: (session_id: SessionId) => void
    onOver: (session_id: SessionId) => void
  }>

export function createSeats({ tenants, connections, names, calls, log, worker, exposures, ...tell }: SeatDeps): RoomSeats {
  const { private_name } = names
  /** Without starting a server: there is nobody in the rooms of one that does not run. */
  async function running(scope: TenantScope, { connection_id }: SessionRoom): Promise<LiveConnection | undefined> {
    return (await connections.usable(scope)).find((one) => one.connection_id === connection_id)
  }

  async function callerIsThere(scope: TenantScope, { session_id, room }: RoomOf): Promise<boolean> {
    const connection = await running(scope, room)
    if (!connection) return false
    const people = await createServerApi(connection).participants(room.room_name)
    const caller = room.caller_identity ?? (room.origin === 'studio' ? callerIdentity(session_id) : undefined)
    return people.some(({ identity, kind, hidden }) =>
      caller === undefined ? (kind === 'standard' || kind === 'sip') && !hidden : identity === caller,
    )
  }

  /** Whoever writes calls into the store could name any room of the server that all tenants share. */
  async function mayReopen(scope: TenantScope, { session_id, room }: RoomOf): Promise<boolean> {
    const { connection_id, room_name, origin } = room
    if (connections.key(scope, connection_id) !== connection_id) return true
    if (origin === 'studio') return room_name === studioRoomName(session_id)
    const whose = await tenantOfRoom(room_name, async (id) => (await tenants.find(id)) !== undefined)
    return whose === scope.tenant_id || (whose === undefined && tenants.unclaimed.tenant_id === scope.tenant_id)
  }

  return {
    async open(scope, { session_id, connection_id, agent_name }) {
      if (worker.state().draining) throw takesNone()
      const connection = await connections.resolve(scope, connection_id)
      await exposures.want(connection.key, private_name)
      const room_name = studioRoomName(session_id)
      const dispatch = startStudioDispatch({ session_id, room_name, private_name, connection, worker })
      tell.expect(session_id, dispatch)
      await dispatch.roomIsThere.catch((cause: unknown) => {
        tell.onOver(session_id)
        throw cause
      })
      return createRoomSeat({
        room: { connection_id, room_name, caller_identity: callerIdentity(session_id), origin: 'studio' },
        identity: agentIdentity(session_id),
        agent_name,
        connection,
        job: dispatch,
        present: () => connections.resolve(scope, connection_id),
        isTaken: () => calls().inRoom(connection.key, room_name) !== undefined,
        worker,
        log,
        onToken: () => tell.onToken(session_id),
        onOver: () => tell.onOver(session_id),
      })
    },

    async reopen(scope, of, agent_name) {
      const { session_id, room } = of
      if (!(await mayReopen(scope, of))) throw notTheirs(room)
      const connection = await connections.resolve(scope, room.connection_id)
      if (room.origin === 'studio') await createServerApi(connection).createRoom(room.room_name, private_name)
      else if (!(await callerIsThere(scope, of))) throw nobodyThere(room)
      return createRoomSeat({
        room,
        identity: agentIdentity(session_id),
        agent_name,
        connection,
        present: () => connections.resolve(scope, room.connection_id),
        isTaken: () => calls().inRoom(connection.key, room.room_name) !== undefined,
        worker,
        log,
      })
    },

    async callerJoin(scope, { session_id, room }, as = {}): Promise<RoomJoin> {
      const { connection_id, room_name, origin } = room
      if (origin !== 'studio') throw notOurs()
      const connection = await connections.resolve(scope, connection_id)
      const identity = callerIdentity(session_id)
      const { user_name: name = 'Caller', attributes } = as
      const token = await callerToken(connection, { room_name, identity, name, metadata: callerMetadata(as), attributes })
      return { connection_id, room_name, identity, token, signal_path: `/livekit/${connection_id}` }
    },

    key: connections.key,
    mayReopen,
    callerIsThere,
  }
}

const nobodyThere = ({ room_name }: SessionRoom): StudioError =>
  new StudioError(
    'conflict',
    `The caller is not in the room “${room_name}” any more.`,
    'It goes on by itself when the caller is back within ten minutes.',
  )

const notTheirs = ({ room_name }: SessionRoom): StudioError =>
  new StudioError(
    'forbidden',
    `The room “${room_name}” is not one of this tenant.`,
    'Calls go on in rooms of their own tenant alone.',
  )

const notOurs = (): StudioError =>
  new StudioError(
    'conflict',
    'The caller of this call is a client of its own.',
    'Join it as a guest, or watch it as a hidden observer.',
  )
