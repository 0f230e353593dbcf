import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { joinAsCaller, roomSpec } from './testing/room-caller.ts'
import { startRuntime, type RuntimeProcess, type SpecPart } from './testing/runtime-process.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

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

  const startCall = async (part: SpecPart = {}, content: Record<string, unknown> = interviewAgent) => {
    const room_name = `room-${++count}`
    const room = await roomSpec(server, room_name, room_name)
    const call = runtime.start(content, { modality: 'voice', engines: { espeak: engine.address }, room, ...part })
    return { call, room_name, room }
  }

  test('a caller who only knows LiveKit hears the greeting, speaks, is answered, and reads everything', async () => {
    const { call, room_name } = await startCall({ script: ['I built an audio engine in Rust.'] })
    const caller = await joinAsCaller(server, room_name)
    const greeting = await call.event('turn.committed')
    expect(greeting).toMatchObject({ spoken: 'Hello Ana, shall we begin?', interrupted: false })
    expect(caller.heard_ms()).toBeGreaterThan(500)
    await caller.speak(await callerVoice(engine.address, 'I built an audio engine in Rust.'))
    const answer = await call.event('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)
    expect(answer.times.t6_uncertainty_ms).toBe(200)
    expect(Object.keys(answer.times)).toEqual(expect.arrayContaining(['t0', 't1', 't2', 't3', 't4', 't5', 't6']))
    console.log(JSON.stringify(answer.times), caller.texts.map((t) => [t.topic, t.from, t.attributes, t.text().slice(0, 50), t.over()]))
    await caller.leave()
    const ended = await call.message('ended')
    expect(ended.reason).toBe('caller_left')
    console.log(call.events.filter((e) => e.type === 'room.joined' || e.type === 'participant'))
  })
})
