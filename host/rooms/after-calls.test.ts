import { expect, test } from 'vitest'
import type { AgentId } from '../../core/contract/ids.ts'
import type { RoomJoin } from '../../core/contract/room-join.ts'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { forkCaller } from './testing/fork-caller.ts'
import { CONNECTION, eventually, foreignToken, joinRoom, startRoomStudio, type RoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

/** What may be left of a call so long after its end: nothing. */
const GONE_MS = 5000

type Call = Awaited<ReturnType<typeof start>>

async function start(studio: RoomStudio, agent_id: AgentId, modality: 'text' | 'voice') {
  const { session, room } = await studio.call('session.start', { agent_id, modality, connection_id: CONNECTION })
  const { session_id } = session
  return { session_id, room: room as RoomJoin, watch: await studio.watch(session_id) }
}

/** Who begins a call, how it ends, and what its journal says then. */
type End = Readonly<{
  modality?: 'text' | 'voice'
  agent?: 'hangs up'
  reason: string
  /** Resolves when the end has begun. */
  bring: (studio: RoomStudio, call: Call) => Promise<unknown>
}>

async function greeted(studio: RoomStudio, { room, watch }: Call, voice = false) {
  const caller = await joinRoom(studio.server, room)
  if (voice) await caller.publish()
  await watch.journaled('turn.committed')
  await watch.journaled('participant', ({ caller }) => caller)
  return caller
}

const ENDS: Readonly<Record<string, End>> = {
  'the caller of a text call leaves': {
    reason: 'caller_left',
    bring: async (studio, call) => (await greeted(studio, call)).room.disconnect(),
  },
  'the caller of a voice call leaves': {
    modality: 'voice',
    reason: 'caller_left',
    bring: async (studio, call) => (await greeted(studio, call, true)).room.disconnect(),
  },
  'a caller comes, types and goes before anybody is told of it': {
    reason: 'caller_left',
    bring: async (studio, call) => {
      await call.watch.journaled('room.joined')
      const caller = await joinRoom(studio.server, call.room)
      await caller.say('Never mind.')
      await caller.room.disconnect()
    },
  },
  'a caller comes and goes without a word': {
    reason: 'caller_left',
    bring: async (studio, call) => {
      await call.watch.journaled('room.joined')
      const caller = await joinRoom(studio.server, call.room)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await caller.room.disconnect()
    },
  },
  'the process of a caller is killed': {
    modality: 'voice',
    reason: 'connection_lost',
    bring: async (studio, call) => {
      const caller = await forkCaller(studio.server, call.room)
      await call.watch.journaled('turn.committed')
      caller.kill('SIGKILL')
    },
  },
  'the agent hangs up': {
    agent: 'hangs up',
    reason: 'agent_ended',
    bring: async (studio, call) => (await greeted(studio, call)).say('Goodbye!'),
  },
  'it is stopped': {
    reason: 'stopped',
    bring: async (studio, call) => {
      await greeted(studio, call)
      await studio.call('session.stop', { session_id: call.session_id })
    },
  },
  'it is stopped before the agent is there': {
    reason: 'stopped',
    bring: (studio, { session_id }) => studio.call('session.stop', { session_id }),
  },
  'somebody deletes the room': {
    reason: 'room_closed',
    bring: async (studio, call) => {
      await greeted(studio, call)
      await studio.api.deleteRoom(call.room.room_name)
    },
  },
  'somebody takes the caller out': {
    reason: 'caller_left',
    bring: async (studio, call) => {
      await greeted(studio, call)
      await studio.api.removeParticipant(call.room.room_name, call.room.identity)
    },
  },
  'the agent is deleted': {
    modality: 'voice',
    reason: 'agent_deleted',
    bring: async (studio, call) => {
      await greeted(studio, call, true)
      const { agent_id } = await studio.call('session.get', { session_id: call.session_id })
      await studio.call('agent.delete', { agent_id })
    },
  },
}

const sessionProcesses = async (studio: RoomStudio) =>
  (await studio.call('system.info', {})).processes.filter(({ kind }) => kind === 'session')

test.skipIf(missing)(
  'nothing is left of a call, however it ended',
  async () => {
    const studio = await startRoomStudio()
    const took: Record<string, number> = {}

    const one = async ([name, { modality = 'text', agent, reason, bring }]: [string, End]) => {
      const tools = agent ? { tools: [{ type: 'end_call', name: 'hang_up' }] } : {}
      const agent_id = await studio.addAgent(`Ada, until ${name.replaceAll(',', '')}`, tools)
      const call = await start(studio, agent_id, modality)
      await bring(studio, call)
      expect(await call.watch.journaled('session.ended'), name).toMatchObject({ reason })
      const since = performance.now()
      const { room_name } = call.room
      await eventually(async () => !(await studio.api.rooms()).some((room) => room.room_name === room_name))
      took[name] = Math.round(performance.now() - since)
      expect(await studio.api.participants(room_name), name).toEqual([])
    }
    const slow = Object.entries(ENDS).find(([name]) => name.includes('killed'))
    const waiting = slow && one(slow)
    for (const end of Object.entries(ENDS)) if (end[0] !== slow?.[0]) await one(end)
    await waiting
    await eventually(async () => (await sessionProcesses(studio)).every(({ sessions }) => sessions === 0))
    expect((await studio.call('connection.list', {})).worker).toMatchObject({ sessions: 0 })
    console.info('end of the call → its room is gone, ms:', took)
    for (const ms of Object.values(took)) expect(ms).toBeLessThan(GONE_MS)
  },
  180_000,
)

test.skipIf(missing)('a studio that closes takes its agents out of all rooms, also out of those of others', async () => {
  const studio = await startRoomStudio({ serve: true })
  const ada = await studio.addAgent('Ada', { routing: { dispatch_by_name: true } })
  const call = await start(studio, ada, 'voice')
  await greeted(studio, call, true)
  await studio.registered(ada)
  const token = await foreignToken(studio.server, { room: 'elsewhere', identity: 'zoe', agentName: ada })
  const zoe = await joinRoom(studio.server, { token })
  await zoe.until((seen) => seen.some((one) => one.startsWith('+agent-')))
  const { processes } = await studio.call('system.info', {})
  expect(processes.length).toBeGreaterThan(1)
  await studio.host().host.close()
  expect((await studio.api.rooms()).map(({ room_name }) => room_name)).toEqual(['elsewhere'])
  expect((await studio.api.participants('elsewhere')).map(({ identity }) => identity)).toEqual(['zoe'])
  await eventually(async () => !processes.some(({ pid }) => pid !== process.pid && isRunning(pid)))
})

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
