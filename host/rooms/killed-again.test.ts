import { expect, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { foreignToken, CONNECTION, joinRoom, startRoomStudio, type RoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

/** How often the session process is killed; more than a few when somebody asks for it. */
const KILLS = Number(process.env['GREENROOM_STRESS_KILLS'] ?? 3)
const MOMENTS = ['mid-speech', 'mid-turn', 'joining', 'between turns'] as const

type Watch = Awaited<ReturnType<RoomStudio['watch']>>

/** How many were killed: it may just be gone. */
async function killHolder(studio: RoomStudio): Promise<number> {
  const { processes } = await studio.call('system.info', {})
  const holder = processes.find(({ kind, sessions }) => kind === 'session' && sessions === 1)
  return holder && process.kill(holder.pid, 'SIGKILL') ? 1 : 0
}

const attemptNow = (watch: Watch) => Math.max(...watch.journal().map(({ attempt }) => attempt))

/** How many agents an observer saw at the same time, at each moment at which it saw one come or go. */
function agentsSeen(seen: readonly string[]): number[] {
  let present = 0
  return seen.flatMap((one) => {
    if (!one.slice(1).startsWith('agent-')) return []
    present += one.startsWith('+') ? 1 : -1
    return [present]
  })
}

async function ask(caller: Awaited<ReturnType<typeof joinRoom>>, watch: Watch, line: string): Promise<void> {
  await caller.say(line)
  const said = await watch.journaled('transcript.final', ({ text }) => text === line)
  await watch.journaled('turn.committed', ({ turn_id }) => turn_id === said.turn_id)
}

const at = (sorted: readonly number[], part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0)

test.skipIf(missing)(
  'killed again and again at any moment of one call: never two agents, and nothing that was said is lost',
  async () => {
    const studio = await startRoomStudio()
    const agent_id = await studio.addAgent('Ada', {
      prompt_config: {
        instructions: 'Answer.',
        greeting: 'Hello, this is a rather long greeting, so that there is time to interrupt it.',
      },
    })
    const { session, room } = await studio.call('session.start', { agent_id, modality: 'voice', connection_id: CONNECTION })
    const { session_id } = session
    const watch = await studio.watch(session_id)
    const { room_name } = room!
    const token = await foreignToken(studio.server, { room: room_name, identity: 'observer' })
    const observer = await joinRoom(studio.server, { token })
    const caller = await joinRoom(studio.server, room!)
    await caller.publish()
    await watch.journaled('turn.committed')
    const took: Record<string, number[]> = {}

    for (let kill = 0; kill < KILLS; kill++) {
      const moment = MOMENTS[kill % MOMENTS.length] ?? 'mid-turn'
      const line = `This is line ${kill} of the caller.`
      const attempt = attemptNow(watch)
      await caller.say(line)
      const said = await watch.journaled('transcript.final', ({ text }) => text === line)
      if (moment === 'mid-speech') {
        await watch.journaled(
          'agent.state',
          ({ state, attempt: of, seq }) => state === 'speaking' && of === attempt && seq > said.seq,
        )
      }
      if (moment === 'between turns') await watch.journaled('turn.committed', ({ turn_id }) => turn_id === said.turn_id)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
      let before = observer.seen.length
      let began = performance.now()
      let expected = attempt + (await killHolder(studio))
      if (moment === 'joining') {
        await watch.journaled('session.recovered', ({ attempt: of }) => of === attempt + 1)
        before = observer.seen.length
        began = performance.now()
        expected += await killHolder(studio)
      }
      await watch.journaled('room.joined', ({ attempt: of }) => of === expected)
      await observer.until((seen) => seen.slice(before).some((one) => one.startsWith('+agent-')))
      ;(took[moment] ??= []).push(Math.round(performance.now() - began))
      // A call whose caller is not answered between three deaths is given up.
      await ask(caller, watch, `Are you back, after kill ${kill}?`)
    }

    const last = 'And that was all.'
    await ask(caller, watch, last)
    const counts = agentsSeen(observer.seen)
    expect(Math.max(...counts)).toBe(1)
    expect(Math.min(...counts)).toBe(0)
    expect([...observer.room.remoteParticipants.keys()].filter((name) => name.startsWith('agent-'))).toEqual([
      `agent-${session_id}`,
    ])

    const journal = (await studio.call('session.journal', { session_id, limit: 5000 })).events
    for (let kill = 0; kill < KILLS; kill++) {
      const lines = journal.filter(
        (event) => event.type === 'transcript.final' && event.text === `This is line ${kill} of the caller.`,
      )
      expect(lines).toHaveLength(1)
    }
    for (let attempt = 1; attempt <= attemptNow(watch); attempt++) {
      const seqs = journal.filter((event) => event.attempt === attempt).map(({ seq }) => seq)
      expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    }
    const all = Object.values(took)
      .flat()
      .sort((one, other) => one - other)
    console.info(`${KILLS} × kill -9 → agent back in the room, ms: p50 ${at(all, 0.5)}, p95 ${at(all, 0.95)}`, took)
    expect(await studio.call('session.stop', { session_id })).toMatchObject({ state: 'ended', recoveries: attemptNow(watch) - 1 })
  },
  60_000 + KILLS * 40_000,
)
