import { randomUUID } from 'node:crypto'
import type { ConnectionId } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { RoomJoin, SessionRoom } from '../../core/contract/room-join.ts'
import type { RoomSummary } from '../../core/contract/rooms.ts'
import type { ToRuntime } from '../../core/contract/runtime.ts'
import type { CallerDetails, SessionSummary } from '../../core/contract/sessions.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { HandlersOf } from '../handler.ts'
import type { ConnectionBook, LiveConnection } from '../livekit/live-connection.ts'
import type { RoomCalls } from '../livekit/room-calls.ts'
import { createServerApi } from '../livekit/server-api.ts'
import { callerToken, observerToken } from '../livekit/tokens.ts'
import { changeOf } from './change-caller.ts'

type Operation = 'room.join' | 'room.list' | 'room.watch' | 'room.set_caller' | 'room.listen_to'

export type RoomHandlerDeps = Readonly<{
  connections: ConnectionBook
  calls: RoomCalls
  /** Throws `not_found`. */
  summary: (scope: TenantScope, session_id: SessionId) => Promise<SessionSummary>
  /** The caller's own way in; goes on with a call that lost its connection a short while ago. */
  joinAsCaller: (scope: TenantScope, session_id: SessionId) => Promise<RoomJoin>
  /** Of the one whom the agent listens to: what prompts say of them. */
  setCaller: (scope: TenantScope, session_id: SessionId, details: CallerDetails) => Promise<void>
  tell: (scope: TenantScope, session_id: SessionId, message: ToRuntime) => Promise<void>
}>

export const roomHandlers = ({
  connections,
  calls,
  summary,
  joinAsCaller,
  setCaller,
  tell,
}: RoomHandlerDeps): HandlersOf<Operation> => {
  /** Of a call that goes on in a room. */
  async function placeOf(
    scope: TenantScope,
    session_id: SessionId,
  ): Promise<Readonly<{ room: SessionRoom; connection: LiveConnection }>> {
    const { room, state } = await summary(scope, session_id)
    if (!room) throw noRoom()
    if (state === 'ended') throw hasEnded()
    return { room, connection: await connections.resolve(scope, room.connection_id) }
  }

  async function join(connection: LiveConnection, room_name: string, as: 'guest' | 'observer'): Promise<RoomJoin> {
    const { connection_id } = connection
    const identity = `${as}-${randomUUID()}`
    const token =
      as === 'guest'
        ? await callerToken(connection, { room_name, identity, name: 'Guest' })
        : await observerToken(connection, { room_name, identity })
    return { connection_id, room_name, identity, token, signal_path: `/livekit/${connection_id}` }
  }

  return {
    'room.join': async ({ session_id, as }, { caller }) => {
      if (as === 'caller') return joinAsCaller(caller, session_id)
      const { room, connection } = await placeOf(caller, session_id)
      return join(connection, room.room_name, as)
    },

    'room.list': async ({ connection_id }, { caller }) => {
      const connection = await runningConnection(connections, caller, connection_id)
      const api = createServerApi(connection)
      const rooms = await Promise.all(
        (await api.rooms()).map(async ({ room_name, created_at }): Promise<RoomSummary> => {
          const people = await api.participants(room_name)
          const session_id = calls.inRoom(connection.key, room_name)
          const participants = people
            .filter(({ hidden }) => !hidden)
            .map(({ identity, name, kind }) => ({ identity, name, kind }))
          return { room_name, created_at, participants, ...(session_id && { session_id }) }
        }),
      )
      return { rooms: rooms.sort((one, other) => other.created_at - one.created_at) }
    },

    'room.watch': async ({ connection_id, room_name }, { caller }) => {
      const connection = await runningConnection(connections, caller, connection_id)
      const rooms = await createServerApi(connection).rooms()
      // To join a room that is not there would make it.
      if (!rooms.some((room) => room.room_name === room_name)) throw noSuchRoom(room_name)
      return join(connection, room_name, 'observer')
    },

    'room.set_caller': async ({ session_id, identity, details }, { caller }) => {
      const { room, connection } = await placeOf(caller, session_id)
      const api = createServerApi(connection)
      const who = identity ?? room.caller_identity
      const person = (await api.participants(room.room_name)).find((one) => one.identity === who)
      if (!person) throw nobodyThere()
      await api.updateParticipant(room.room_name, person.identity, changeOf(person.metadata, details))
      if (person.identity === room.caller_identity) await setCaller(caller, session_id, details)
      return {}
    },

    'room.listen_to': async ({ session_id, identity }, { caller }) => {
      const { room, connection } = await placeOf(caller, session_id)
      const people = await createServerApi(connection).participants(room.room_name)
      if (!people.some((one) => one.identity === identity && one.kind !== 'agent' && !one.hidden)) throw nobodyThere()
      await tell(caller, session_id, { type: 'room.caller', session_id, identity })
      return {}
    },
  }
}

/** Without starting a server for it. */
async function runningConnection(
  connections: ConnectionBook,
  scope: TenantScope,
  connection_id: ConnectionId,
): Promise<LiveConnection> {
  const usable = (await connections.usable(scope)).find((one) => one.connection_id === connection_id)
  if (usable) return usable
  if (connection_id !== 'local') return connections.resolve(scope, connection_id)
  throw new StudioError('unavailable', 'The local LiveKit server does not run.', 'Start it in Settings → LiveKit.')
}

const noRoom = (): StudioError =>
  new StudioError('conflict', 'This is a direct call: it has no room.', 'Start the call through a LiveKit connection.')

const hasEnded = (): StudioError => new StudioError('conflict', 'This call has ended.', 'Start a new one, or resume it.')

const noSuchRoom = (name: string): StudioError =>
  new StudioError('not_found', `There is no room “${name}” on this server now.`, 'Look again: rooms go when everybody has left.')

const nobodyThere = (): StudioError =>
  new StudioError('not_found', 'This participant is not in the room.', 'Choose one of those who are there.')
