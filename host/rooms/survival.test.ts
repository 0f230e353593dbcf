import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { AgentId } from '../../core/contract/ids.ts'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { startTestHost } from '../testing/start-test-host.ts'
import type { HostWithCalls } from './testing/host-with-room-call.ts'
import { CONNECTION, eventually, foreignToken, joinRoom, startRoomStudio, type RoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

/** A call that has greeted and answered once. */
async function startCall(studio: RoomStudio, agent_id: AgentId, modality: 'text' | 'voice' = 'text') {
  const { session, room } = await studio.call('session.start', { agent_id, modality, connection_id: CONNECTION })
  const { session_id } = session
  const call = await studio.watch(session_id)
  const caller = await joinRoom(studio.server, room!)
  await call.journaled('turn.committed')
  await caller.say('My name is Ana.')
  await call.journaled('turn.committed', ({ attempt, turn_id }) => attempt === 1 && turn_id !== firstTurn(call))
  return { session_id, call, caller, room: room!, agent: `agent-${session_id}` }
}

const firstTurn = (call: Awaited<ReturnType<RoomStudio['watch']>>) =>
  call.journal().find((event) => event.type === 'turn.started')?.turn_id

const processesOf = async (studio: RoomStudio, kind: string) =>
  (await studio.call('system.info', {})).processes.filter((one) => one.kind === kind)

test.skipIf(missing)(
  'kill -9 of the session process: the same agent is back, alone, and knows what was said; of the worker: nobody notices',
  async () => {
    const studio = await startRoomStudio()
    const { session_id, call, caller, agent, room } = await startCall(studio, await studio.addAgent('Ada'))
    const agents = () => caller.seen.filter((one) => one.includes('agent-'))
    const before = agents().length

    const holder = (await processesOf(studio, 'session')).find(({ sessions }) => sessions === 1)!
    process.kill(holder.pid, 'SIGKILL')
    await call.journaled('session.recovered')
    await call.journaled('room.joined', ({ attempt }) => attempt === 2)
    await caller.until(() => agents().length > before + 1)
    // It leaves and comes in the same moment; there are never two.
    expect(agents().slice(before)).toEqual([`-${agent}`, `+${agent}`])
    await caller.say('What is my name?')
    const answer = await call.journaled('turn.committed', ({ attempt, turn_id }) => attempt === 2 && asked(call, turn_id))
    expect(answer.spoken).not.toBe('')
    const { worker } = await studio.call('connection.list', {})
    expect(worker.sessions).toBe(1)

    const [workerProcess] = await processesOf(studio, 'worker')
    process.kill(workerProcess!.pid, 'SIGKILL')
    await eventually(async () => (await processesOf(studio, 'worker')).some(({ pid }) => pid !== workerProcess!.pid))
    await eventually(async () => (await studio.registrations()).some(({ state }) => state === 'ready'))
    await caller.say('Are you still there?')
    await call.until(() =>
      call.journal().find((event) => event.type === 'transcript.final' && event.text.includes('still there')),
    )
    expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 2, recoveries: 1 })

    await caller.room.disconnect()
    expect(await call.journaled('session.ended')).toMatchObject({ reason: 'caller_left' })
    await eventually(async () => !(await studio.api.rooms()).some(({ room_name }) => room_name === room.room_name))
  },
)

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const asked = (call: Awaited<ReturnType<RoomStudio['watch']>>, turn_id: string) =>
  call.journal().some((event) => event.type === 'transcript.final' && event.turn_id === turn_id)

test.skipIf(missing)('another agent goes on mid-call, with the history or without, in rooms and in direct calls', async () => {
  const studio = await startRoomStudio()
  const [ada, bob] = [await studio.addAgent('Ada'), await studio.addAgent('Bob')]
  const { session_id, call, caller } = await startCall(studio, ada)
  const direct = await studio.call('session.start', { agent_id: ada, modality: 'text' })
  const directCall = await studio.watch(direct.session.session_id)
  for (const [id, which, say] of [
    [session_id, call, (text: string) => caller.say(text)],
    [
      direct.session.session_id,
      directCall,
      (text: string) => studio.call('session.say', { session_id: direct.session.session_id, text }),
    ],
  ] as const) {
    for (const [agent_id, history] of [
      [bob, 'keep'],
      [ada, 'clear'],
    ] as const) {
      expect(await studio.call('session.switch_agent', { session_id: id, agent_id, history })).toMatchObject({ agent_id })
      const changed = await which.journaled('config.changed', (event) => event.agent_id === agent_id)
      expect(changed).toMatchObject({ history })
      await say(`Who are you, ${agent_id}?`)
      await which.until(() => which.journal().find((event) => event.type === 'transcript.final' && event.text.includes(agent_id)))
    }
    await expect(studio.call('session.switch_agent', { session_id: id, agent_id: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
    })
  }
  await studio.call('agent.set_state', { agent_id: bob, enabled: false })
  await expect(studio.call('session.switch_agent', { session_id, agent_id: bob })).rejects.toMatchObject({ code: 'conflict' })

  // The agent that took over is the one that goes on after a crash, and it knows no more than before.
  const holder = (await processesOf(studio, 'session')).find(({ sessions }) => sessions > 0)!
  process.kill(holder.pid, 'SIGKILL')
  expect(await call.journaled('session.started', ({ attempt }) => attempt === 2)).toMatchObject({ agent_id: ada })
  await studio.call('session.stop', { session_id })
})

test.skipIf(missing)('the server is killed and comes back: the same session goes on', async () => {
  const studio = await startRoomStudio()
  const { session_id, call, caller } = await startCall(studio, await studio.addAgent('Ada'))
  await studio.server.restart()
  await call.journaled('room.connection', ({ state }) => state === 'reconnected')
  await caller.until((seen) => seen.includes('reconnected'))
  await caller.say('Are you there?')
  await call.until(() => call.journal().find((event) => event.type === 'transcript.final' && event.text.includes('you there')))
  expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 1 })
  await studio.registered()
  await studio.call('session.stop', { session_id })
  await eventually(async () => (await studio.api.rooms()).length === 0)
})

test.skipIf(missing)(
  'the host is killed: the next one goes on with whoever waits, and with who comes back, also a client of a server',
  async () => {
    const studio = await startRoomStudio({ serve: true, automatic: true })
    const agent_id = await studio.addAgent('Ada', { routing: { dispatch_by_name: true, purposes: ['greet'] } })
    const dir = studio.host().dir
    await studio.host().host.close()
    const { first, waiting, alone, pids } = await startHostWithCalls(dir, agent_id)
    const caller = await joinRoom(studio.server, waiting.room)
    const gone = await joinRoom(studio.server, alone.room)
    const token = await foreignToken(studio.server, { room: 'elsewhere', identity: 'zoe', agentName: agent_id })
    const foreign = await joinRoom(studio.server, { token })
    for (let greeted = 0; greeted < 2; greeted++) await once(first, 'message')
    await foreign.until((seen) => seen.some((one) => one.startsWith('+agent-')))
    // Its job is taken in a moment, and waits ten seconds for somebody in the room: of that, nothing is written down yet.
    await studio.api.createRoom('lobby')
    await new Promise((resolve) => setTimeout(resolve, 600))
    first.kill('SIGKILL')
    await Promise.all([gone.room.disconnect(), foreign.room.disconnect()])
    await eventually(async () => !pids.some(isRunning))
    const early = await foreignToken(studio.server, { room: 'lobby', identity: 'yan', metadata: '{"purpose":"greet"}' })
    const yan = await joinRoom(studio.server, { token: early })

    studio.replace(await startTestHost({ data_dir: dir }))
    const call = await studio.watch(waiting.session_id)
    expect(await call.journaled('session.recovered')).toMatchObject({ attempt: 2, reason: 'the studio was started again' })
    await call.journaled('room.joined', ({ attempt }) => attempt === 2)
    await caller.say('Are you back?')
    await call.until(() => call.journal().find((event) => event.type === 'transcript.final' && event.text.includes('you back')))
    expect(caller.seen.filter((one) => one.startsWith('+agent-')).length).toBeGreaterThan(1)

    const lost = await studio.watch(alone.session_id)
    expect(await lost.journaled('session.ended')).toMatchObject({ reason: 'connection_lost' })
    const room = await studio.call('room.join', { session_id: alone.session_id, as: 'caller' })
    await lost.journaled('session.recovered')
    const back = await joinRoom(studio.server, room)
    await lost.journaled('turn.started', ({ source }) => source === 'resume')
    await back.say('I am back.')
    await lost.until(() => lost.journal().find((event) => event.type === 'transcript.final' && event.text.includes('am back')))
    expect(await studio.call('session.get', { session_id: alone.session_id })).toMatchObject({ state: 'active', recoveries: 1 })

    const { sessions } = await studio.call('session.list', {})
    const { session_id } = sessions.find((one) => one.room?.room_name === 'elsewhere')!
    const theirs = await studio.watch(session_id)
    expect(await theirs.journaled('session.ended')).toMatchObject({ reason: 'connection_lost' })
    await studio.registered(agent_id)
    const zoe = await joinRoom(studio.server, { token })
    expect(await theirs.journaled('session.recovered')).toMatchObject({ reason: 'resumed after connection_lost' })
    await theirs.journaled('turn.committed', ({ attempt }) => attempt === 2)
    await zoe.until((seen) => seen.includes(`+agent-${session_id}`))
    expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 2 })

    await yan.until((seen) => seen.some((one) => one.startsWith('+agent-')))
    const agents = (await studio.api.participants('lobby')).filter(({ kind }) => kind === 'agent')
    expect(agents).toHaveLength(1)
  },
  120_000,
)

async function startHostWithCalls(dir: string, agent_id: AgentId) {
  const entry = fileURLToPath(new URL('./testing/host-with-room-call.ts', import.meta.url))
  const first = fork(entry, [dir, agent_id], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  onTestFinished(() => void first.kill('SIGKILL'))
  const [started] = (await once(first, 'message')) as [HostWithCalls]
  return { first, ...started }
}
