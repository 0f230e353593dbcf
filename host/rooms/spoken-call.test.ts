import { expect, onTestFinished, test } from 'vitest'
import { newAddress, startEngine } from '../../agent-runtime/engines/testing/start-engine.ts'
import { callerVoice } from '../../agent-runtime/session/testing/caller-voice.ts'
import { joinAsCaller, type RoomCaller } from '../../agent-runtime/session/testing/room-caller.ts'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { CONNECTION, startRoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const models_dir = process.env['GREENROOM_TEST_MODELS']
const LINES = ['I would like to order a large pizza.', 'Please bring it to the old town.', 'How long will that take?']
const LONG =
  'Tell me about your work and take your time, because there is a lot that I would like to know about it, about the team, the tools and the place.'

/** Milliseconds from the end of what the caller says to the first sound of the agent, as the caller hears it. */
async function askAndHear(caller: RoomCaller, pcm: Int16Array): Promise<number> {
  await caller.speak(pcm)
  const asked = performance.now()
  const before = caller.heard_ms()
  await caller.until(() => caller.heard_ms() > before)
  return performance.now() - asked
}

const quiet = (caller: RoomCaller) => caller.until(() => performance.now() - caller.silentSince() > 1000)

test.skipIf(missing).each([
  ['rehearsed', { provider: 'rehearsal' }],
  ['understood by the built-in model', { provider: 'builtin' }],
] as const)(
  'a caller speaks in a room and is answered in time, and can interrupt: %s',
  async (how, stt_config) => {
    if (stt_config.provider === 'builtin' && models_dir === undefined) return
    const studio = await startRoomStudio({ ...(models_dir !== undefined && { models_dir }) })
    const espeak = await startEngine('espeak', await newAddress())
    onTestFinished(() => void espeak.child.kill())
    const ada = await studio.addAgent('Ada', { stt_config })
    const script = stt_config.provider === 'rehearsal' ? [...LINES] : []
    const call = async (agent_id: typeof ada) => {
      const asked = { agent_id, modality: 'voice', connection_id: CONNECTION, script } as const
      const { session, room } = await studio.call('session.start', asked)
      const { room_name, identity } = room!
      const watch = await studio.watch(session.session_id)
      return { watch, session_id: session.session_id, caller: await joinAsCaller(studio.server, room_name, { identity }) }
    }
    const { watch, caller, session_id } = await call(ada)
    await watch.journaled('turn.committed')
    await quiet(caller)
    const waited: number[] = []
    for (const [at, text] of LINES.entries()) {
      waited.push(Math.round(await askAndHear(caller, await callerVoice(espeak.address, text))))
      await watch.until(() =>
        watch.journal().filter(({ type }) => type === 'turn.committed').length > at + 1 ? true : undefined,
      )
      await quiet(caller)
    }
    const finals = watch.journal().flatMap((event) => (event.type === 'transcript.final' ? [event.text] : []))
    expect(finals.length).toBeGreaterThanOrEqual(LINES.length)
    if (script.length > 0) expect(finals.slice(0, LINES.length)).toEqual(LINES)
    console.info(`${how}: end of speech → first audio at the caller, ms:`, waited, finals)
    await caller.leave()
    expect(await watch.journaled('session.ended')).toMatchObject({ reason: 'caller_left' })
    expect(session_id).not.toBe('')

    const talker = await studio.addAgent('Talker', { stt_config, prompt_config: { instructions: 'Listen.', greeting: LONG } })
    const second = await call(talker)
    await second.caller.until(() => second.caller.heard_ms() > 1500)
    const began = performance.now()
    const saying = second.caller.speak(await callerVoice(espeak.address, 'Stop, please stop now, I have a question for you.'))
    const cut = await second.watch.journaled('turn.committed')
    console.info(`${how}: began to interrupt → the agent's turn is cut, ms:`, Math.round(performance.now() - began))
    expect(cut).toMatchObject({ interrupted: true })
    expect(cut.spoken.length).toBeLessThan(LONG.length - 20)
    await saying
    await second.watch.journaled('turn.committed', ({ turn_id }) => turn_id !== cut.turn_id)
    await second.caller.leave()
  },
  180_000,
)
