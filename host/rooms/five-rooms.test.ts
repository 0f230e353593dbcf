import { expect, onTestFinished, test } from 'vitest'
import { startOpenAiServer } from '../../agent-runtime/providers/testing/openai-server.ts'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { CONNECTION, joinRoom, startRoomStudio, type RoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const NAMES = ['Ana', 'Ben', 'Cleo', 'Dan', 'Eve'] as const

/** A call whose caller has said a name. */
async function startCall(studio: RoomStudio, agent_id: string, name: string) {
  const { session, room } = await studio.call('session.start', { agent_id, modality: 'text', connection_id: CONNECTION })
  const { session_id } = session
  const watch = await studio.watch(session_id)
  const caller = await joinRoom(studio.server, room!)
  await watch.journaled('turn.committed')
  const ask = async (text: string) => {
    await caller.say(text)
    const { turn_id } = await watch.journaled('transcript.final', (event) => event.text === text)
    return watch.journaled('turn.committed', (event) => event.turn_id === turn_id)
  }
  await ask(`My name is ${name}.`)
  return { name, session_id, watch, caller, ask, room_name: room!.room_name, agent: `agent-${session_id}` }
}

test.skipIf(missing)(
  'five rooms in one session process: killed, all are back with one agent each; one that ends leaves the others alone',
  async () => {
    const llm = await startOpenAiServer()
    onTestFinished(llm.close)
    const studio = await startRoomStudio()
    await studio.call('setting.set', { sessions_per_process: 5 })
    const llm_config = { provider: 'openai-compatible', base_url: llm.base_url, model: 'test-model' }
    const agent_id = await studio.addAgent('Ada', { llm_config })
    const calls = await Promise.all(NAMES.map((name) => startCall(studio, agent_id, name)))
    const holders = async () => {
      const { processes } = await studio.call('system.info', {})
      return processes.filter(({ kind, sessions }) => kind === 'session' && sessions > 0)
    }
    const before = await holders()
    expect(before.map(({ sessions }) => sessions)).toEqual([5])

    process.kill(before[0]!.pid, 'SIGKILL')
    await Promise.all(calls.map(({ watch }) => watch.journaled('room.joined', ({ attempt }) => attempt === 2)))
    for (const { caller, agent } of calls) await caller.until((seen) => seen.filter((one) => one === `+${agent}`).length === 2)
    await Promise.all(calls.map(({ ask, name }) => ask(`Who am I, if not ${name}?`)))
    for (const { caller, agent, room_name, name, session_id } of calls) {
      expect(caller.seen.filter((one) => one.slice(1).startsWith('agent-'))).toEqual([`+${agent}`, `-${agent}`, `+${agent}`])
      const agents = (await studio.api.participants(room_name)).filter(({ kind }) => kind === 'agent')
      expect(agents.map(({ identity }) => identity)).toEqual([agent])
      const asked = JSON.stringify(llm.requests.findLast(({ body }) => JSON.stringify(body).includes(`if not ${name}?`))?.body)
      expect(NAMES.filter((one) => asked.includes(`My name is ${one}.`))).toEqual([name])
      expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 2, recoveries: 1 })
    }

    const [closed, removed, ...others] = calls
    const seen = others.map(({ caller }) => caller.seen.length)
    await studio.api.deleteRoom(closed!.room_name)
    await studio.api.removeParticipant(removed!.room_name, removed!.agent)
    expect(await closed!.watch.journaled('session.ended')).toMatchObject({ reason: 'room_closed' })
    expect(await removed!.watch.journaled('session.ended')).toMatchObject({ reason: 'superseded' })
    await Promise.all(others.map(({ ask }) => ask('Are you still there?')))
    for (const { session_id } of others) {
      expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 2 })
    }
    expect(others.map(({ caller }) => caller.seen.length)).toEqual(seen)
    expect((await holders()).reduce((sum, { sessions }) => sum + sessions, 0)).toBe(3)
  },
  120_000,
)
