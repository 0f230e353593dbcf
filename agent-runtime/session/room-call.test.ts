import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConnectionId } from '../../core/contract/connections.ts'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import { createServerApi } from '../../host/livekit/server-api.ts'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { joinAsCaller, roomSpec } from './testing/room-caller.ts'
import { startRuntime, type RuntimeProcess, type SpecPart } from './testing/runtime-process.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const LONG =
  'Tell me about your work and take your time, because there is a lot that I would like to know about it, about the team, the tools and the place.'

describe.skipIf(missing)('a call in a room of a real server', () => {
  let engine: StartedEngine
  let server: TestLiveKit
  let runtime: RuntimeProcess
  let count = 0
  beforeAll(async () => {
    ;[engine, server, runtime] = await Promise.all([
      newAddress().then((address) => startEngine('espeak', address)),
      startLiveKit(),
      startRuntime(),
    ])
  })
  afterAll(async () => {
    await runtime.stop()
    await server.close()
    engine.child.kill()
  })

  const newRoom = async () => {
    const room_name = `room-${++count}`
    return { room_name, room: await roomSpec(server, room_name, room_name) }
  }
  const startCall = async (part: SpecPart = {}, content: Record<string, unknown> = interviewAgent) => {
    const { room_name, room } = await newRoom()
    const call = runtime.start(content, { modality: 'voice', engines: { espeak: engine.address }, room, ...part })
    return { call, room_name, room }
  }

  test('a caller who only knows LiveKit hears the greeting, speaks, is answered, and reads everything', async () => {
    const { call, room_name, room } = await startCall({ script: ['I built an audio engine in Rust.'] })
    const caller = await joinAsCaller(server, room_name)
    const greeting = await call.event('turn.committed')
    expect(greeting).toMatchObject({ spoken: 'Hello Ana, shall we begin?', interrupted: false })
    expect(caller.heard_ms()).toBeGreaterThan(500)
    expect(await call.event('participant')).toMatchObject({
      change: 'joined',
      identity: 'caller',
      kind: 'standard',
      caller: true,
    })

    await caller.speak(await callerVoice(engine.address, 'I built an audio engine in Rust.'))
    const answer = await call.event('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)
    const { t0 = NaN, t1 = NaN, t2 = NaN, t3 = NaN, t4 = NaN, t5 = NaN, t6 = NaN, t6_uncertainty_ms } = answer.times
    const order = [t0, t1, t2, t3, t4, t5, t6]
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(t6_uncertainty_ms).toBe(200)

    const { turn_id, spoken } = answer
    const transcripts = () => caller.texts.filter(({ topic }) => topic === 'lk.transcription')
    await caller.until(() => transcripts().filter(({ from, over }) => from === room.identity && over()).length >= 2)
    expect(transcripts().find(({ from }) => from === 'caller')).toMatchObject({
      attributes: { 'lk.transcription_final': 'true' },
    })
    expect(transcripts().map(({ from, text }) => [from, text()])).toEqual([
      [room.identity, greeting.spoken],
      ['caller', 'I built an audio engine in Rust.'],
      [room.identity, spoken],
    ])
    await caller.until(() => caller.events.some((event) => event.type === 'turn.committed' && event.turn_id === turn_id))
    expect(caller.events.find((event) => event.type === 'output.done')).toMatchObject({ output: { stage: 'intro' }, raw: '' })
    const stream = caller.texts.find(({ topic, attributes }) => topic === 'studio.turn' && attributes['turn_id'] === turn_id)
    await caller.until(() => stream?.over() === true)
    await caller.until(() => caller.room.remoteParticipants.get(room.identity)?.attributes['lk.agent.state'] === 'listening')
    expect(caller.room.remoteParticipants.get(room.identity)?.kind).toBe(4)

    await caller.leave()
    expect(await call.message('ended')).toMatchObject({ reason: 'caller_left' })
  })

  test('a caller who interrupts hears the agent stop, and only what was heard stays', async () => {
    const { call, room_name } = await startCall(
      { script: ['Stop, I have a question.'] },
      { ...interviewAgent, prompt_config: { instructions: 'Listen.', greeting: LONG } },
    )
    const caller = await joinAsCaller(server, room_name)
    await caller.until(() => caller.heard_ms() > 1500)
    await caller.speak(await callerVoice(engine.address, 'Stop, I have a question.'))
    const greeting = await call.event('turn.committed')
    expect(greeting.interrupted).toBe(true)
    expect(greeting.spoken.length).toBeGreaterThan(5)
    expect(greeting.spoken.length).toBeLessThan(LONG.length - 20)
    expect(LONG.startsWith(greeting.spoken.trim().slice(0, 20))).toBe(true)
    await call.event('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)
    await call.end()
    await caller.until(() => caller.room.remoteParticipants.size === 0)
    expect(JSON.parse(caller.data.find(({ topic }) => topic === 'conversation-summary')?.text ?? 'null')).toMatchObject({
      summary: expect.stringContaining('ended: stopped') as string,
      output: { stage: 'intro' },
    })
    await caller.leave()
  })

  test('the page says when it heard the agent, and the silence before that is what its clock says', async () => {
    const { call, room_name } = await startCall()
    const caller = await joinAsCaller(server, room_name)
    await caller.until(() => caller.room.remoteParticipants.size === 1)
    // Clocks of two computers are never the same.
    const page = () => performance.now() + 5000
    const asked = page()
    const { clock } = (await caller.rpc('studio.clock', { at: asked })) as { clock: number }
    const round_trip_ms = page() - asked
    const offset_ms = clock - (asked + round_trip_ms / 2)
    await caller.rpc('studio.clock', { at: page(), offset_ms, round_trip_ms })
    const first = await call.event('turn.committed')
    await caller.type('And now?')
    const before = caller.heard_ms()
    await caller.until(() => caller.heard_ms() > before)
    const heard_at = page()
    await caller.rpc('studio.clock', { at: page(), heard_at })
    const answer = await call.event('turn.committed', ({ turn_id }) => turn_id !== first.turn_id)
    expect(answer.times.t6).toBeCloseTo(heard_at + offset_ms, 0)
    expect(answer.times.t6_uncertainty_ms).toBeCloseTo(round_trip_ms / 2, 0)
    await expect(caller.rpc('studio.clock', { at: 'now' })).rejects.toThrow('not understood')
    await call.end()
    await caller.leave()
  })

  test('a text call has no sound: typed lines are answered, and whoever comes late reads it from the beginning', async () => {
    const { call, room_name, room } = await startCall({ modality: 'text' })
    const caller = await joinAsCaller(server, room_name, { microphone: false, agent: room.identity })
    await call.event('turn.committed')
    await caller.type('I like Rust.')
    const answer = await call.event('turn.committed', () => true, 2)
    expect(answer.spoken).not.toBe('')
    await caller.until(() =>
      caller.texts.some(({ topic, text, over }) => topic === 'lk.transcription' && over() && text() === answer.spoken),
    )
    expect(caller.heard_ms()).toBe(0)
    const guest = await joinAsCaller(server, room_name, { identity: 'guest', microphone: false, agent: room.identity })
    await guest.rpc('studio.resume', { attempt: 0, n: 0 })
    await guest.until(() => guest.events.filter(({ type }) => type === 'turn.committed').length === 2)
    expect(guest.events[0]).toMatchObject({ type: 'session.started', providers: { llm: '' } })
    expect(guest.texts.find(({ attributes }) => attributes['resumed'] === 'true')).toBeDefined()
    // Somebody else's words are not the caller's.
    await guest.type('I am somebody else.')
    await caller.type('And you?')
    expect(await call.event('transcript.final', () => true, 2)).toMatchObject({ text: 'And you?' })
    await Promise.all([caller.leave(), guest.leave()])
    await call.message('ended')
  })

  test('one caller is listened to: the first person, or who the host says; digits are a line', async () => {
    const { call, room_name, room } = await startCall({ script: ['First.', 'Second.'] })
    const caller = await joinAsCaller(server, room_name)
    await call.event('turn.committed')
    const guest = await joinAsCaller(server, room_name, { identity: 'guest' })
    await call.event('participant', ({ identity, change }) => identity === 'guest' && change === 'joined')
    for (const digit of '42#') await caller.room.localParticipant?.publishDtmf(Number(digit) || 11, digit)
    expect(await call.event('dtmf')).toMatchObject({ digits: '42#', identity: 'caller' })
    expect(await call.event('transcript.final')).toMatchObject({ text: '[DTMF] 42#' })
    await call.event('turn.committed', () => true, 2)

    await guest.speak(await callerVoice(engine.address, 'Nobody should hear this, however long it is.'))
    call.send({ type: 'room.caller', session_id: call.session_id, identity: 'guest' })
    await call.event('participant', ({ identity, caller: is }) => identity === 'guest' && is)
    await guest.speak(await callerVoice(engine.address, 'Now it is my turn to speak.'))
    await call.event('turn.committed', () => true, 3)
    expect(call.events.filter(({ type }) => type === 'transcript.final')).toHaveLength(2)
    expect(await call.event('transcript.final', () => true, 2)).toMatchObject({ text: 'First.' })

    await createServerApi({
      ...server,
      connection_id: ConnectionId.parse('test'),
      key: ConnectionId.parse('test'),
      name: 'test',
      serve: false,
      automatic: false,
    }).deleteRoom(room.room_name)
    expect(await call.message('ended')).toMatchObject({ reason: 'room_closed' })
    await Promise.all([caller.leave(), guest.leave()])
  })

  test('another agent takes over in the middle: it opens with its own words, and knows what it may know', async () => {
    const { call, room_name } = await startCall({ modality: 'text' })
    const caller = await joinAsCaller(server, room_name, { microphone: false })
    await call.event('turn.committed')
    await caller.type('My name is Bob.')
    await call.event('turn.committed', () => true, 2)
    const other = {
      ...interviewAgent,
      agent_id: 'bea',
      prompt_config: { instructions: 'Help.', greeting: 'Bea here, how can I help?' },
    }
    call.configure(2, other, { history: 'clear', speak: true })
    expect(await call.event('config.changed')).toMatchObject({ agent_id: 'bea', revision: 2, history: 'clear' })
    expect(await call.event('turn.started', ({ source }) => source === 'handoff')).toMatchObject({ revision: 2 })
    expect(await call.event('turn.committed', () => true, 3)).toMatchObject({ spoken: 'Bea here, how can I help?' })
    await caller.leave()
    await call.message('ended')
  })
})
