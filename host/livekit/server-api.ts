import { DataPacket_Kind, JobStatus, ParticipantInfo_Kind, ParticipantInfo_State } from '@livekit/protocol'
import {
  AgentDispatchClient,
  RoomAgentDispatch,
  RoomServiceClient,
  type AgentDispatch,
  type ParticipantInfo,
} from 'livekit-server-sdk'
import type { JsonObject } from '../../core/json.ts'
import type { LiveConnection } from './live-connection.ts'
import { serverFailure } from './server-failure.ts'

export type ServedParticipant = Readonly<{
  identity: string
  name: string
  kind: 'standard' | 'sip' | 'agent' | 'other'
  metadata: string
  attributes: Readonly<Record<string, string>>
  /** Its metadata and attributes are as its token says, and whoever signed that wrote them. */
  signed: boolean
  /** Nobody there sees it. */
  hidden: boolean
  /** Its media and data arrive; before that it is joining. */
  active: boolean
}>

export type ServedRoom = Readonly<{ room_name: string; created_at: number; metadata: string }>

/** `job`: that some worker got, whether that still lives or not; absent: nobody got one. `over`: every job has ended. */
export type ServedDispatch = Readonly<{
  dispatch_id: string
  dispatch_name: string
  metadata: string
  job?: string
  over: boolean
}>

/** What may be changed of a participant; what is absent stays. */
export type ParticipantChange = Readonly<{
  name?: string | undefined
  metadata?: string | undefined
  attributes?: Readonly<Record<string, string>> | undefined
}>

/** A server that hangs must not hang a call. */
const TIMEOUT_S = 5

/** How long a room waits for its first person, and for the next when the last one went: longer than an outage that a call outlives. */
const ROOM_TIMES = { emptyTimeout: 120, departureTimeout: 60 } as const

/** What the host asks of a LiveKit server. Everything rejects with a StudioError in plain words. */
export function createServerApi(connection: LiveConnection, timeout_s = TIMEOUT_S) {
  const { url, api_key, api_secret } = connection
  const options = { requestTimeout: timeout_s }
  const host = url.replace(/^ws/, 'http')
  const rooms = new RoomServiceClient(host, api_key, api_secret, options)
  const dispatches = new AgentDispatchClient(host, api_key, api_secret, options)

  async function ask<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await what()
    } catch (cause) {
      throw serverFailure(connection.name, cause)
    }
  }

  /** What is to be gone and is gone already is as wanted. */
  async function away(what: () => Promise<void>): Promise<void> {
    await ask(what).catch((cause: unknown) => {
      if (!isNotFound(cause)) throw cause
    })
  }

  return {
    /** `agent_name`: who is dispatched there at once, and nobody else: workers that take every new room do not get this one. */
    createRoom: (room_name: string, agent_name?: string, metadata = '') =>
      ask(async () => {
        const agents = agent_name === undefined ? [] : [new RoomAgentDispatch({ agentName: agent_name, metadata })]
        await rooms.createRoom({ name: room_name, agents, ...ROOM_TIMES })
      }),
    deleteRoom: (room_name: string) => away(() => rooms.deleteRoom(room_name)),
    rooms: () =>
      ask(async (): Promise<ServedRoom[]> =>
        (await rooms.listRooms()).map(({ name, creationTime, metadata }) => ({
          room_name: name,
          created_at: Number(creationTime) * 1000,
          metadata,
        })),
      ),
    hasRoom: (room_name: string) => ask(async (): Promise<boolean> => (await rooms.listRooms([room_name])).length > 0),
    /** Nobody when there is no such room. */
    participants: (room_name: string) =>
      ask(async (): Promise<ServedParticipant[]> => (await rooms.listParticipants(room_name)).map(toParticipant)),
    updateParticipant: (room_name: string, identity: string, change: ParticipantChange) =>
      ask(async () => {
        const { name, metadata, attributes } = change
        await rooms.updateParticipant(room_name, identity, {
          ...(name !== undefined && { name }),
          ...(metadata !== undefined && { metadata }),
          ...(attributes !== undefined && { attributes: { ...attributes } }),
        })
      }),
    removeParticipant: (room_name: string, identity: string) => away(() => rooms.removeParticipant(room_name, identity)),
    /** Resolves to the dispatch's id. The server accepts one that nobody will ever take. */
    dispatch: (room_name: string, dispatch_name: string, metadata: string) =>
      ask(async () => (await dispatches.createDispatch(room_name, dispatch_name, { metadata })).id),
    deleteDispatch: (dispatch_id: string, room_name: string) => away(() => dispatches.deleteDispatch(dispatch_id, room_name)),
    /** None when there is no such room. */
    dispatches: (room_name: string) =>
      ask(async (): Promise<ServedDispatch[]> => (await dispatches.listDispatch(room_name)).map(toDispatch)),
    /** As `deleteDispatch`, and false when somebody else was first. */
    takeDispatch: (dispatch_id: string, room_name: string) =>
      ask(() => dispatches.deleteDispatch(dispatch_id, room_name)).then(
        () => true,
        (cause: unknown) => {
          if (isNotFound(cause)) return false
          throw cause
        },
      ),
    /** A data message to everybody there, from nobody in the room. */
    tell: (room_name: string, topic: string, message: JsonObject) =>
      ask(() =>
        rooms.sendData(room_name, new TextEncoder().encode(JSON.stringify(message)), DataPacket_Kind.RELIABLE, { topic }),
      ),
  }
}

const isNotFound = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'not_found'

const KINDS: Readonly<Partial<Record<ParticipantInfo_Kind, ServedParticipant['kind']>>> = {
  [ParticipantInfo_Kind.STANDARD]: 'standard',
  [ParticipantInfo_Kind.SIP]: 'sip',
  [ParticipantInfo_Kind.AGENT]: 'agent',
}

const ENDED: ReadonlySet<JobStatus> = new Set([JobStatus.JS_SUCCESS, JobStatus.JS_FAILED])

function toDispatch({ id, agentName, metadata, state }: AgentDispatch): ServedDispatch {
  const jobs = state?.jobs ?? []
  const job = jobs.find((one) => !ENDED.has(one.state?.status ?? JobStatus.JS_PENDING)) ?? jobs[0]
  const over = job !== undefined && ENDED.has(job.state?.status ?? JobStatus.JS_PENDING)
  return { dispatch_id: id, dispatch_name: agentName, metadata, over, ...(job && { job: job.id }) }
}

const toParticipant = ({
  identity,
  name,
  kind,
  metadata,
  attributes,
  permission,
  state,
}: ParticipantInfo): ServedParticipant => ({
  identity,
  name,
  kind: KINDS[kind] ?? 'other',
  metadata,
  attributes,
  signed: permission?.canUpdateMetadata === false,
  hidden: permission?.hidden ?? false,
  active: Number(state) === Number(ParticipantInfo_State.ACTIVE),
})
