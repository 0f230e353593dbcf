import { expect, onTestFinished, test, vi } from 'vitest'
import { startOpenAiServer } from '../../agent-runtime/providers/testing/openai-server.ts'
import type { AgentId } from '../../core/contract/ids.ts'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { forkCaller } from './testing/fork-caller.ts'
import { CONNECTION, eventually, foreignToken, joinRoom, startRoomStudio, type RoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const ELEVEN_MINUTES = 11 * 60 * 1000
type Watch = Awaited<ReturnType<RoomStudio['watch']>>

async function startCall(studio: RoomStudio, agent_id: AgentId, modality: 'text' | 'voice') {
  const { session, room } = await studio.call('session.start', { agent_id, modality, connection_id: CONNECTION })
  return { session_id: session.session_id, room: room!, watch: await studio.watch(session.session_id) }
}

const heard = (watch: Watch, text: string) =>
  watch.until(() => watch.journal().find((event) => event.type === 'transcript.final' && event.text.includes(text)))

/** The turn that answers this line. */
async function answered(watch: Watch, text: string): Promise<void> {
  const line = await heard(watch, text)
  if (line.type !== 'transcript.final') return
  await watch.journaled('turn.committed', ({ turn_id }) => turn_id === line.turn_id)
}

const apologies = (watch: Watch) => watch.journal().filter((event) => event.type === 'turn.started' && event.source === 'resume')

test.skipIf(missing)(
  'a server that is away for 30 s ends calls as lost; who is back within ten minutes goes on with all that was said, and later not',
  async () => {
    const studio = await startRoomStudio({ serve: true })
    const llm = await startOpenAiServer()
    onTestFinished(llm.close)
    const llm_config = { provider: 'openai-compatible', model: 'test-model', base_url: llm.base_url }
    const ada = await studio.addAgent('Ada', { llm_config, routing: { dispatch_by_name: true } })
    await studio.registered(ada)
    const [own, late] = [await startCall(studio, ada, 'text'), await startCall(studio, ada, 'text')]
    const begun = studio.sessions()
    const token = await foreignToken(studio.server, { room: 'elsewhere', identity: 'zoe', agentName: ada })
    const foreign = await joinRoom(studio.server, { token })
    const { session_id } = await begun.next(({ room, state }) => room?.room_name === 'elsewhere' && state === 'active')
    const theirs = { session_id, watch: await studio.watch(session_id) }
    const callers = [await joinRoom(studio.server, own.room), await joinRoom(studio.server, late.room), foreign]
    const calls = [own, late, theirs]
    for (const [at, { watch }] of calls.entries()) {
      await watch.journaled('turn.committed')
      await watch.journaled('participant', ({ caller }) => caller)
      await callers[at]?.say(`My name is Ana${at}.`)
      await answered(watch, `Ana${at}`)
    }

    const frozen = performance.now()
    studio.server.pause()
    for (const { watch } of calls) expect(await watch.journaled('session.ended')).toMatchObject({ reason: 'connection_lost' })
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 30_000 - (performance.now() - frozen))))
    studio.server.unpause()
    await Promise.all(callers.map(({ room }) => room.disconnect()))

    const back = await studio.call('room.join', { session_id: own.session_id, as: 'caller' })
    const caller = await joinRoom(studio.server, back)
    await studio.registered(ada)
    const zoe = await joinRoom(studio.server, { token })
    for (const [call, person, at] of [
      [own, caller, 0],
      [theirs, zoe, 2],
    ] as const) {
      await call.watch.journaled('turn.committed', ({ attempt }) => attempt === 2)
      expect(apologies(call.watch)).toHaveLength(1)
      await person.say('What is my name?')
      await answered(call.watch, 'my name?')
      expect(JSON.stringify(llm.requests.at(-1)?.body)).toContain(`My name is Ana${at}.`)
      const { session_id } = call
      expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 2 })
      expect(
        (await studio.api.participants(at === 0 ? back.room_name : 'elsewhere')).filter(({ kind }) => kind === 'agent'),
      ).toEqual([expect.objectContaining({ identity: `agent-${session_id}` })])
    }

    await studio.call('session.stop', { session_id: own.session_id })
    await zoe.room.disconnect()
    await theirs.watch.journaled('session.ended', ({ attempt }) => attempt === 2)
    const now = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => now + ELEVEN_MINUTES)
    onTestFinished(() => void vi.restoreAllMocks())
    const again = studio.call('room.join', { session_id: late.session_id, as: 'caller' })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    vi.restoreAllMocks()
    await eventually(async () => !(await studio.api.rooms()).some(({ room_name }) => room_name.startsWith('greenroom-')))
  },
  180_000,
)

test.skipIf(missing)(
  'a server that hangs for 12 s: the same session goes on',
  async () => {
    const studio = await startRoomStudio()
    const { session_id, room, watch } = await startCall(studio, await studio.addAgent('Ada'), 'voice')
    const caller = await joinRoom(studio.server, room)
    await caller.publish()
    await watch.journaled('turn.committed')
    studio.server.pause()
    await new Promise((resolve) => setTimeout(resolve, 12_000))
    studio.server.unpause()
    // A line may be typed before both are back.
    const typing = setInterval(() => void caller.say('Are you there?')?.catch(() => undefined), 1000)
    await answered(watch, 'you there').finally(() => clearInterval(typing))
    expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 1 })
    await studio.call('session.stop', { session_id })
  },
  120_000,
)

test.skipIf(missing)(
  'a caller whose own line is cut for 8 s goes on; one who stays away is lost',
  async () => {
    const studio = await startRoomStudio()
    const ada = await studio.addAgent('Ada')
    const [short, long] = [await startCall(studio, ada, 'voice'), await startCall(studio, ada, 'voice')]
    const [cut, gone] = [await forkCaller(studio.server, short.room), await forkCaller(studio.server, long.room)]
    for (const { watch } of [short, long]) await watch.journaled('turn.committed')
    const since = performance.now()
    for (const caller of [cut, gone]) caller.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 8000))
    cut.kill('SIGCONT')
    expect(await long.watch.journaled('session.ended')).toMatchObject({ reason: 'connection_lost' })
    console.info(`a caller who is cut off is lost after ${((performance.now() - since) / 1000).toFixed(1)} s`)
    const { session_id } = short
    expect(await studio.call('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 1 })
    expect(short.watch.journal().some((event) => event.type === 'participant' && event.change === 'left')).toBe(false)
    await studio.call('session.say', { session_id, text: 'Are you there?' })
    await answered(short.watch, 'you there')

    // Back after the end: it goes on by itself.
    gone.kill('SIGCONT')
    await long.watch.journaled('session.recovered')
    await long.watch.journaled('turn.committed', ({ attempt }) => attempt === 2)
    for (const { session_id } of [short, long]) await studio.call('session.stop', { session_id })
  },
  120_000,
)
