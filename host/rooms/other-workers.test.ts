import { expect, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { CONNECTION, eventually, foreignToken, joinRoom, startRoomStudio, type RoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const agentsIn = async (studio: RoomStudio, room: string) =>
  (await studio.api.participants(room)).filter(({ kind }) => kind === 'agent').map(({ identity }) => identity)

const caller = async (studio: RoomStudio, wanted: Parameters<typeof foreignToken>[1]) =>
  joinRoom(studio.server, { token: await foreignToken(studio.server, wanted) })

async function workerProcess(studio: RoomStudio) {
  return (await studio.call('system.info', {})).processes.find(({ kind }) => kind === 'worker')!
}

test.skipIf(missing)(
  'who came while no worker was there gets an agent when one is, and only one',
  async () => {
    const studio = await startRoomStudio({ serve: true })
    const ada = await studio.addAgent('Ada', { routing: { dispatch_by_name: true } })
    await studio.registered(ada)
    const { pid } = await workerProcess(studio)
    const begun = studio.sessions()
    process.kill(pid, 'SIGSTOP')
    process.kill(pid, 'SIGKILL')
    const early = await caller(studio, { room: 'early', identity: 'ana', agentName: ada })
    await early.until((seen) => seen.some((one) => one.startsWith('+agent-')))
    const { session_id } = await begun.next(({ room }) => room?.room_name === 'early')
    expect(await agentsIn(studio, 'early')).toEqual([`agent-${session_id}`])

    // Again with the whole studio away, and beside another worker that comes back at the same time.
    await early.room.disconnect()
    await studio.host().host.close()
    const late = await caller(studio, { room: 'late', identity: 'zoe', agentName: ada })
    const other = await startRoomStudio({ serve: true, beside: studio.server })
    await Promise.all([studio.restart(), other.addAgent('Ada', { routing: { dispatch_by_name: true } })])
    await late.until((seen) => seen.some((one) => one.startsWith('+agent-')))
    await Promise.all([studio.registered(ada), other.registered(ada)])
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(await agentsIn(studio, 'late')).toHaveLength(1)
  },
  180_000,
)

test.skipIf(missing)(
  'each worker takes what it serves: declined when offered, or sent on once when it is known too late',
  async () => {
    const support = await startRoomStudio({ automatic: true, env: { AGENT_FILTER: 'support' } })
    const sales = await startRoomStudio({ automatic: true, beside: support.server, env: { AGENT_TYPE: 'sales' } })
    for (const studio of [support, sales]) {
      await studio.addAgent('Support', { routing: { purposes: ['help'] } })
      await studio.addAgent('Shop', { agent_type: 'sales', routing: { purposes: ['buy'] } })
      await studio.addAgent('Nobody', { routing: { purposes: ['else'] } })
      await studio.registered('')
    }
    const [ofSupport, ofSales] = [support.sessions(), sales.sessions()]
    for (let round = 0; round < 3; round++) {
      const [help, buy] = [`help-${round}`, `buy-${round}`]
      await caller(support, { room: help, identity: 'ana', metadata: '{"purpose":"help"}' })
      await caller(support, { room: buy, identity: 'bob', metadata: '{"purpose":"buy"}' })
      expect(await ofSupport.next(({ room }) => room?.room_name === help)).toMatchObject({ agent_id: 'support' })
      expect(await ofSales.next(({ room }) => room?.room_name === buy)).toMatchObject({ agent_id: 'shop' })
      await eventually(async () => (await agentsIn(support, help)).length + (await agentsIn(support, buy)).length === 2)
    }
    // Nobody serves this one: sent on once, then the caller is told.
    const lost = await caller(support, { room: 'lost', identity: 'eve', metadata: '{"purpose":"else"}' })
    await lost.until((seen) => seen.some((one) => one.startsWith('data conversation-summary') && one.includes('AGENT_FILTER')))
    expect(await agentsIn(support, 'lost')).toEqual([])
  },
  120_000,
)

test.skipIf(missing)(
  'a worker that is full leaves calls to others, and says so to its own people',
  async () => {
    const full = await startRoomStudio({ automatic: true, env: { GREENROOM_MAX_SESSIONS: '1' } })
    const ada = await full.addAgent('Ada', { routing: { purposes: ['greet'] } })
    await full.registered('')
    const start = () => full.call('session.start', { agent_id: ada, modality: 'text', connection_id: CONNECTION })
    const own = await start()
    await expect(start()).rejects.toMatchObject({ code: 'quota_exceeded', message: expect.stringContaining('1 calls go on') })
    const watch = await full.watch(own.session.session_id)
    await joinRoom(full.server, own.room!)
    await watch.journaled('turn.committed')
    // Workers that take every new room do not send a second agent into the studio's own.
    expect(await agentsIn(full, own.room!.room_name)).toEqual([`agent-${own.session.session_id}`])

    const other = await startRoomStudio({ automatic: true, beside: full.server })
    await other.addAgent('Bea', { routing: { purposes: ['greet'] } })
    await other.registered('')
    const begun = other.sessions()
    for (const room of ['one', 'two']) {
      await caller(full, { room, identity: 'ana', metadata: '{"purpose":"greet"}' })
      expect(await begun.next((session) => session.room?.room_name === room)).toMatchObject({ agent_id: 'bea' })
      await eventually(async () => (await agentsIn(full, room)).length === 1)
    }
    expect((await full.call('connection.list', {})).worker).toMatchObject({ sessions: 1 })
  },
  60_000,
)

test.skipIf(missing)(
  'an agent that is asked for by its name and switched off: the next rule answers, or the caller is told',
  async () => {
    const studio = await startRoomStudio({ serve: true })
    const ada = await studio.addAgent('Ada', { routing: { dispatch_by_name: true } })
    const bob = await studio.addAgent('Bob', { routing: { purposes: ['billing'] } })
    await studio.registered(ada)
    await studio.call('agent.set_state', { agent_id: ada, enabled: false })
    await studio.registered(ada)
    const begun = studio.sessions()
    await caller(studio, { room: 'next', identity: 'ana', agentName: ada, dispatch_metadata: '{"purpose":"billing"}' })
    expect(await begun.next(({ room }) => room?.room_name === 'next')).toMatchObject({ agent_id: bob, route: 'purpose' })

    await studio.call('agent.set_state', { agent_id: bob, enabled: false })
    const alone = await caller(studio, { room: 'alone', identity: 'zoe', agentName: ada })
    await alone.until((seen) => seen.some((one) => one.includes('conversation-summary') && one.includes('No agent answers')))
    expect(await begun.next(({ room, state }) => room?.room_name === 'alone' && state === 'ended')).toMatchObject({
      end_reason: 'no_agent',
    })
    expect(await agentsIn(studio, 'alone')).toEqual([])
  },
)
