import { expect, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { CONNECTION, eventually, foreignToken, joinRoom, startRoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

test.skipIf(missing)(
  'a worker that drains ends no call and takes none; who waits gets an agent when it takes calls again',
  async () => {
    const studio = await startRoomStudio({ serve: true })
    const ada = await studio.addAgent('Ada', { routing: { dispatch_by_name: true } })
    await studio.registered(ada)
    const start = () => studio.call('session.start', { agent_id: ada, modality: 'text', connection_id: CONNECTION })
    const before = await start()
    const call = await studio.watch(before.session.session_id)
    const caller = await joinRoom(studio.server, before.room!)
    const greeting = await call.journaled('turn.committed')

    expect(await studio.call('worker.drain', { on: true })).toMatchObject({ draining: true, sessions: 1 })
    const standing = async () => (await studio.call('connection.list', {})).worker
    await eventually(async () => (await standing()).registrations.every(({ state }) => state === 'draining'))
    expect(await standing()).toMatchObject({ state: 'draining', draining: true })
    await expect(start()).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('Take calls again') as string,
    })
    await caller.say('Are you still there?')
    await call.journaled('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)
    const waiting = await joinRoom(studio.server, {
      token: await foreignToken(studio.server, { room: 'waiting', identity: 'zoe', agentName: ada }),
    })

    expect(await studio.call('worker.drain', { on: false })).toMatchObject({ draining: false })
    await waiting.until((seen) => seen.some((one) => one.startsWith('+agent-')))
    await studio.registered(ada)
    expect((await start()).session).toMatchObject({ state: 'starting' })
  },
)
