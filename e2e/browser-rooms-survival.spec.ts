import { setTimeout as wait } from 'node:timers/promises'
import type { AgentId, SessionId } from '../core/contract/ids.ts'
import type { JournalEvent } from '../core/contract/session-events.ts'
import { startLiveKit, type TestLiveKit } from '../host/livekit/testing/livekit-server.ts'
import { startHost, type HeadlessHost } from './host-client.ts'
import {
  addAgent,
  connect,
  CONNECTION,
  hostAt,
  journaled,
  journalOf,
  linkOf,
  needsLiveKit,
  say,
  startInRoom,
  told,
} from './livekit.ts'
import { alive, descendants } from './processes.ts'
import { agentsOf, HIDDEN, joinRoom, serviceOf, tokenFor, type RoomClient } from './room-client.ts'
import { expect, test } from './studio.ts'

needsLiveKit()

/** Long enough to be killed in the middle of it. */
const LONG = 'Let me tell you about the house in which I was born. '.repeat(8).trim()
const APOLOGY = 'Sorry, I was gone for a moment. I am back.'

let server: TestLiveKit
test.beforeEach(async () => {
  server = await startLiveKit()
})
/** Also when a test fails. */
let stop: (() => void) | undefined
test.afterEach(async () => {
  stop?.()
  await server?.close()
})

/** A studio with a call whose caller is in the room with a telephone's knowledge of LiveKit, and a witness that nobody sees. */
async function startCall(host: HeadlessHost, agent_id: AgentId) {
  const began = Date.now()
  const started = await host.call('session.start', { agent_id, modality: 'voice', connection_id: CONNECTION })
  const { session_id } = started.session
  const room = started.room!.room_name
  const witness = await joinRoom(server.url, await tokenFor(server, { room, identity: 'witness', grant: HIDDEN }))
  const caller = await joinRoom(server.url, started.room!.token)
  const joined = await journaled(host.call, session_id, 'room.joined')
  told('session.start → agent in the room', joined.at - began)
  await journaled(host.call, session_id, 'turn.committed')
  return { session_id, room, witness, caller, agent: `agent-${session_id}` }
}

/** Says something, and resolves in the middle of the spoken answer. */
async function midAnswer({ witness, caller, agent }: Awaited<ReturnType<typeof startCall>>, text: string): Promise<void> {
  await witness.until('silence', () => performance.now() - (witness.voices.get(agent)?.heard_at ?? 0) > 600)
  const before = witness.voices.get(agent)?.ms ?? 0
  await caller.type(text)
  await witness.until('the answer', () => (witness.voices.get(agent)?.ms ?? 0) > before + 700)
}

async function killOne(host: HeadlessHost, kind: 'session' | 'worker'): Promise<number> {
  const { processes } = await host.call('system.info', {})
  const victim = processes.find((one) => one.kind === kind && (kind === 'worker' || one.sessions > 0))!
  process.kill(victim.pid, 'SIGKILL')
  return performance.now()
}

/** When an agent was seen to come after `since`. */
const cameBack = (witness: RoomClient, since: number) =>
  witness.until('the agent again', () =>
    witness.seen.find(({ at, what, identity }) => what === 'joined' && identity.startsWith('agent-') && at > since),
  )

/** The agent answers what is asked now. */
async function answers(host: HeadlessHost, { session_id, caller }: { session_id: SessionId; caller: RoomClient }, text: string) {
  await caller.type(text)
  const { turn_id, attempt } = await journaled(host.call, session_id, 'transcript.final', (event) => event.text === text)
  return journaled(host.call, session_id, 'turn.committed', (event) => event.turn_id === turn_id && event.attempt === attempt)
}

const longAgent = (host: HeadlessHost) =>
  addAgent(host.call, 'Ada', { prompt_config: { instructions: `Answer kindly.\nRULE: ${LONG}`, greeting: 'Hello.' } })

const count = (events: readonly JournalEvent[], fits: (event: JournalEvent) => boolean) => events.filter(fits).length

test('kill -9 of the session process in the middle of an answer, of the worker, and of the host', async ({ dataDir }) => {
  test.setTimeout(240_000)
  let host = await startHost(dataDir)
  stop = () => host.process.kill('SIGKILL')
  await connect(host.call, server, { serve: true })
  const call = await startCall(host, await longAgent(host))
  const { session_id, witness, caller, agent } = call

  await test.step('session process: back at once, one apology, never two agents, the conversation kept', async () => {
    await midAnswer(call, 'My name is Grace.')
    const before = witness.seen.length
    const killed = await killOne(host, 'session')
    const back = await cameBack(witness, killed)
    told('kill -9 of the session process → agent in the room (witness)', back.at - killed)
    const silence = await witness.until(
      'its voice',
      () => (witness.voices.get(agent)?.began_at ?? 0) > back.at && witness.voices.get(agent),
    )
    told('kill -9 of the session process → first word of the apology (witness)', silence.began_at - killed)
    expect(agentsOf(witness.seen.slice(before))).toEqual(['-', '+'])
    const recovered = await journaled(host.call, session_id, 'session.recovered')
    expect(recovered.attempt).toBe(2)
    await journaled(host.call, session_id, 'turn.committed', ({ attempt }) => attempt === 2)
    await answers(host, call, 'Are you there?')
    const events = await journalOf(host.call, session_id)
    const apologies = count(events, (event) => event.type === 'turn.committed' && event.spoken.includes(APOLOGY))
    expect(apologies).toBe(1)
    expect(count(events, (event) => event.type === 'turn.started' && event.source === 'greeting')).toBe(1)
  })

  await test.step('worker: nobody in the call notices, and it is registered again', async () => {
    const before = witness.seen.length
    const killed = await killOne(host, 'worker')
    const registered = async () => {
      const { processes } = await host.call('system.info', {})
      const { worker } = await host.call('connection.list', {})
      const ready = worker.registrations.some(({ state }) => state === 'ready')
      return processes.some(({ kind }) => kind === 'worker') && worker.state === 'ready' && ready
    }
    await expect.poll(registered, { intervals: [20] }).toBe(false)
    await expect.poll(registered, { intervals: [20] }).toBe(true)
    told('kill -9 of the worker → registered again', performance.now() - killed)
    await answers(host, call, 'And now?')
    expect(witness.seen.length).toBe(before)
  })

  await test.step('host: its processes end, the next host takes the call up while the caller waits', async () => {
    const before = witness.seen.length
    const children = descendants(host.pid)
    const killed = performance.now()
    host.process.kill('SIGKILL')
    await host.exited
    await expect.poll(() => alive(children), { timeout: 10_000, intervals: [50] }).toEqual([])
    told('kill -9 of the host → none of its processes left', performance.now() - killed)
    host = await startHost(dataDir)
    told('kill -9 of the host → the next one answers', performance.now() - killed)
    const back = await cameBack(witness, killed)
    told('kill -9 of the host → agent in the room (witness)', back.at - killed)
    expect(agentsOf(witness.seen.slice(before))).toEqual(['-', '+'])
    await answers(host, call, 'Still the same call?')
    const { session } = { session: await host.call('session.get', { session_id }) }
    expect(session).toMatchObject({ state: 'active', attempt: 3, recoveries: 2 })
  })

  await test.step('the caller leaves: nothing is left', async () => {
    const left = performance.now()
    await caller.leave()
    await expect.poll(async () => (await serviceOf(server).listRooms()).length, { timeout: 5000, intervals: [20] }).toBe(0)
    told('the caller left → no participant, no room', performance.now() - left)
    expect(await journaled(host.call, session_id, 'session.ended', ({ attempt }) => attempt === 3)).toMatchObject({
      reason: 'caller_left',
    })
  })

  await test.step('Calls shows each recovery', async () => {
    const { sessions } = await host.call('session.list', {})
    expect(sessions[0]).toMatchObject({ session_id, recoveries: 2 })
  })
  host.process.kill('SIGTERM')
  await host.exited
})

test('the LiveKit server is killed, hangs for 30 s, and is away for longer than a call waits: the call comes back by itself', async ({
  openStudio,
  dataDir,
}) => {
  test.setTimeout(240_000)
  const { page } = await openStudio()
  const host = hostAt(dataDir)
  await connect(host, server)
  const panel = await startInRoom(page, await addAgent(host, 'Ada'), 'Text')
  const transcript = panel.getByRole('region', { name: 'Transcript' })
  await expect(transcript).toContainText('Hello, this is Ada.')
  const [{ session_id } = { session_id: '' as SessionId }] = (await host('session.list', {})).sessions
  const reach = async (text: string) => {
    await say(panel, text)
    const { turn_id } = await journaled(host, session_id, 'transcript.final', (event) => event.text === text)
    await journaled(host, session_id, 'turn.committed', (event) => event.turn_id === turn_id)
    await expect(transcript).toContainText(text)
  }
  await reach('My name is Grace.')
  const link = linkOf(panel)

  await test.step('killed, and there again after 3 s', async () => {
    const killed = performance.now()
    await server.kill()
    await expect(link).not.toHaveText('')
    await outage(killed, 3000)
    await server.restart()
    await journaled(host, session_id, 'room.connection', ({ state }) => state === 'reconnected')
    told('server killed, back after 3 s → agent reconnected', performance.now() - killed)
    await expect(link).toHaveText('', { timeout: 30_000 })
    told('server killed, back after 3 s → page in the room', performance.now() - killed)
    await reach('Are you there?')
    expect(await host('session.get', { session_id })).toMatchObject({ state: 'active', attempt: 1 })
  })

  /** In which attempt the agent is now, and whether it is the same session or was taken up from its journal. */
  const attempt = async () => (await host('session.get', { session_id })).attempt

  await test.step('stopped for 30 s, as a network that swallows everything', async () => {
    const stopped = performance.now()
    server.pause()
    await expect(link).not.toHaveText('', { timeout: 30_000 })
    await outage(stopped, 30_000)
    server.unpause()
    const resumed = performance.now()
    await expect(link).toHaveText('', { timeout: 60_000 })
    told('server hung for 30 s, goes on → page in the room', performance.now() - resumed)
    await reach('Are you still there?')
    told(`server hung for 30 s, goes on → the next answer (attempt ${await attempt()})`, performance.now() - resumed)
  })

  await test.step('killed for longer than a call waits: lost, and taken up again from its journal', async () => {
    const before = await attempt()
    await server.kill()
    const lost = await journaled(host, session_id, 'session.ended', (event) => event.attempt === before)
    expect(lost.reason).toBe('connection_lost')
    const restarted = performance.now()
    await server.restart()
    await journaled(host, session_id, 'room.joined', (event) => event.attempt === before + 1)
    told('server away > 20 s, back → agent in the room', performance.now() - restarted)
    await expect(link).toHaveText('', { timeout: 60_000 })
    told('server away > 20 s, back → page in the room', performance.now() - restarted)
    await reach('What is my name?')
    expect(await host('session.get', { session_id })).toMatchObject({ state: 'active', attempt: before + 1 })
  })

  await test.step('Calls tells what broke, and that the call went on', async () => {
    await panel.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(async () => (await serviceOf(server).listRooms()).length, { timeout: 5000 }).toBe(0)
    await page.getByRole('link', { name: 'Calls' }).click()
    await page.getByRole('button', { name: /Ada/ }).filter({ hasText: 'room' }).first().click()
    await page.getByText(/interruptions?; the call went on/).click()
    const broke = page.getByRole('list', { name: 'What broke, and how the call went on' })
    await expect(broke).toContainText('connected again')
    await expect(broke).toContainText('The call goes on')
  })
})

/** The length of the outage is what is tried. */
const outage = (since: number, ms: number) => wait(Math.max(0, since + ms - performance.now()))
