import { once } from 'node:events'
import { DisconnectReason, RoomEvent } from '@livekit/rtc-node'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isJournalEvent } from '../../core/contract/session-events.ts'
import { publicEvent } from '../../core/room/public-event.ts'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { joinAsCaller, roomSpec, type RoomCaller } from './testing/room-caller.ts'
import { startRuntime, type RuntimeProcess, type SpecPart } from './testing/runtime-process.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

/** Everybody who came and went, as the caller saw it. */
const watch = (caller: RoomCaller) => {
  const seen: string[] = []
  const agents = () => [...caller.room.remoteParticipants.values()].filter(({ identity }) => identity.startsWith('agent-')).length
  let most = agents()
  caller.room.on(RoomEvent.ParticipantConnected, ({ identity }) => {
    seen.push(`${identity} came`)
    most = Math.max(most, agents())
  })
  caller.room.on(RoomEvent.ParticipantDisconnected, ({ identity, disconnectReason }) =>
    seen.push(
      `${identity} left${disconnectReason !== undefined && DisconnectReason[disconnectReason] === 'CLIENT_INITIATED' ? ' by will' : ''}`,
    ),
  )
  return { seen, most: () => most }
}

describe.skipIf(missing)('a room call survives', () => {
  let engine: StartedEngine
  let server: TestLiveKit
  let runtime: RuntimeProcess
  let count = 0
  const room_name = () => `room-${count}`
  beforeAll(async () => {
    ;[engine, server] = await Promise.all([newAddress().then((address) => startEngine('espeak', address)), startLiveKit()])
  })
  beforeEach(async () => {
    count += 1
    runtime = await startRuntime()
    return () => runtime.stop()
  })
  afterAll(async () => {
    await server.close()
    engine.child.kill()
  })

  const startCall = async (part: SpecPart = {}, where = runtime) => {
    const room = await roomSpec(server, room_name(), room_name())
    return where.start(interviewAgent, { modality: 'voice', engines: { espeak: engine.address }, room, ...part })
  }

  test('an outage of the server: the same session goes on, and the caller is answered', async () => {
    const call = await startCall({ script: ['Are you there?'] })
    const caller = await joinAsCaller(server, room_name())
    await call.event('turn.committed')
    // The agent joins anew when it does not see that the caller is back.
    void call.message('room.token').then(async () => {
      const { token } = await roomSpec(server, room_name(), room_name())
      call.send({ type: 'room.token', session_id: call.session_id, token })
    })
    await server.kill()
    await call.event('room.connection', ({ state }) => state === 'reconnecting')
    const back = once(caller.room, RoomEvent.Reconnected)
    await server.restart()
    const { gap_ms } = await call.event('room.connection', ({ state }) => state === 'reconnected')
    expect(gap_ms).toBeGreaterThan(0)
    await back
    await caller.until(() => caller.room.remoteParticipants.size === 1)
    // Known by its track, which it published again.
    await call.event('participant', ({ change, identity }) => change === 'joined' && identity === 'caller', 2)
    const before = caller.heard_ms()
    await caller.speak(await callerVoice(engine.address, 'Are you there, can you hear me?'))
    const answer = await call.event('turn.committed', () => true, 2)
    expect(await call.event('transcript.final')).toMatchObject({ text: 'Are you there?', turn_id: answer.turn_id })
    expect(caller.heard_ms()).toBeGreaterThan(before)
    await caller.until(() => caller.events.some((event) => event.type === 'turn.committed' && event.turn_id === answer.turn_id))
    await caller.leave()
    expect(await call.message('ended')).toMatchObject({ reason: 'caller_left' })
  })

  test('a process that is killed in the middle of a reply: its successor says sorry once, answers, and tells what was missed', async () => {
    const first = await startCall()
    const caller = await joinAsCaller(server, room_name())
    await first.event('turn.committed')
    const { seen, most } = watch(caller)
    await caller.type('What about my work?')
    await first.event('turn.started', () => true, 2)
    runtime.child.kill('SIGKILL')
    await once(runtime.child, 'exit')
    runtime = await startRuntime()
    const earlier = first.events.filter(isJournalEvent).flatMap((event) => publicEvent(event) ?? [])
    const second = await startCall({
      attempt: 2,
      turn_count: 2,
      earlier,
      history: [
        { role: 'assistant', text: 'Hello Ana, shall we begin?' },
        { role: 'user', text: 'What about my work?' },
      ],
    })
    const apology = await second.event('turn.committed')
    expect(apology.spoken).toBe('Sorry, I was gone for a moment. I am back.')
    const answer = await second.event('turn.committed', () => true, 2)
    expect(answer.spoken).toContain('What about my work')
    expect(second.events.filter((event) => event.type === 'turn.started').map(({ source }) => source)).toEqual([
      'resume',
      'resume',
    ])
    const identity = `agent-${room_name()}`
    expect(seen).toEqual([`${identity} left`, `${identity} came`])
    expect(most()).toBe(1)
    await caller.until(() => caller.events.some((event) => event.type === 'turn.committed' && event.turn_id === answer.turn_id))
    const attempts = caller.events.filter(isJournalEvent).map(({ attempt, seq }) => attempt * 1000 + seq)
    expect(attempts).toEqual([...attempts].sort((one, other) => one - other))
    expect(caller.events.filter(({ type }) => type === 'session.recovered')).toHaveLength(1)
    await caller.leave()
    await second.message('ended')
  })

  test('an agent whose successor is there leaves the call to it', async () => {
    const call = await startCall()
    const caller = await joinAsCaller(server, room_name())
    await call.event('turn.committed')
    const other = await startRuntime()
    const successor = await startCall({ attempt: 2 }, other)
    expect(await call.message('ended')).toMatchObject({ reason: 'displaced' })
    await successor.event('turn.committed')
    await caller.leave()
    await successor.message('ended')
    await other.stop()
  })

  test('a host that is gone leaves no ghost in the room', async () => {
    const call = await startCall()
    const caller = await joinAsCaller(server, room_name())
    await call.event('turn.committed')
    const { seen } = watch(caller)
    const exit = once(runtime.child, 'exit')
    runtime.child.disconnect()
    await caller.until(() => caller.room.remoteParticipants.size === 0)
    expect(seen).toEqual([`agent-${room_name()} left by will`])
    await exit
    await caller.leave()
  })
})
