import { expect, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { CONNECTION, joinRoom, startRoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

test.skipIf(missing)('a room call: the caller is let in at once, the agent comes and greets, and nothing is left', async () => {
  const studio = await startRoomStudio()
  const agent_id = await studio.addAgent('Ada')
  const began = performance.now()
  const { session, room } = await studio.call('session.start', { agent_id, modality: 'text', connection_id: CONNECTION })
  console.log('reply', performance.now() - began)
  const { session_id } = session
  expect(session).toMatchObject({ kind: 'room', state: 'starting', room: { origin: 'studio', connection_id: CONNECTION } })
  const call = await studio.watch(session_id)
  const caller = await joinRoom(studio.server, room!)
  await call.journaled('room.joined')
  console.log('agent in room', performance.now() - began)
  const greeting = await call.journaled('turn.committed')
  console.log('greeting', performance.now() - began)
  expect(greeting.spoken).toBe('Hello, this is Ada.')
  await caller.say('Who are you?')
  await call.journaled('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)
  await studio.call('session.stop', { session_id })
  await caller.until((seen) => seen.includes('disconnected'))
  console.log(
    caller.seen,
    call
      .journal()
      .map((e) => e.type)
      .join(),
  )
  expect(await studio.api.rooms()).toEqual([])
  const { worker } = await studio.call('connection.list', {})
  expect(worker).toMatchObject({ state: 'ready', sessions: 0 })
})
