import { expect, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { CONNECTION, eventually, foreignToken, joinRoom, startRoomStudio } from './testing/start-room-studio.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

test.skipIf(missing)('a room call: the caller is let in at once, the agent comes and greets, and nothing is left', async () => {
  const studio = await startRoomStudio()
  const agent_id = await studio.addAgent('Ada')
  const as = { user_name: 'Ana', user_id: 'u1', user_details: { plan: 'gold' }, attributes: { tier: 'gold' } }
  const started = await studio.call('session.start', { agent_id, modality: 'text', connection_id: CONNECTION, as })
  const { session_id } = started.session
  expect(started.session).toMatchObject({
    kind: 'room',
    state: 'starting',
    room: { origin: 'studio', connection_id: CONNECTION },
  })
  expect(started.room).toMatchObject({ room_name: `greenroom-${session_id}`, signal_path: '/livekit/test' })
  const call = await studio.watch(session_id)
  const caller = await joinRoom(studio.server, started.room!)
  expect(caller.room.localParticipant).toMatchObject({ name: 'Ana', attributes: { tier: 'gold' } })
  const greeting = await call.journaled('turn.committed')
  expect(greeting.spoken).toBe('Hello, this is Ada.')
  await caller.say('Who are you?')
  await call.journaled('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)

  const { room_name } = started.room!
  const room = { room_name, session_id, participants: expect.arrayContaining([expect.objectContaining({ kind: 'agent' })]) }
  expect(await studio.call('room.list', { connection_id: CONNECTION })).toMatchObject({ rooms: [room] })
  const owl = await joinRoom(studio.server, await studio.call('room.join', { session_id, as: 'observer' }))
  await joinRoom(studio.server, await studio.call('room.join', { session_id, as: 'guest' }))
  await caller.until((seen) => seen.some((one) => one.startsWith('+guest-')))
  expect(caller.seen.some((one) => one.startsWith('+observer-'))).toBe(false)
  expect(owl.room.remoteParticipants.has(`agent-${session_id}`)).toBe(true)
  const metadata = { purpose: 'sales' }
  const user_details = { plan: 'silver' }
  await studio.call('room.set_caller', { session_id, details: { user_details, metadata, attributes: { tier: 'silver' } } })
  const changed = await call.journaled('participant', (event) => event.change === 'changed' && event.metadata !== undefined)
  const known = { user_name: 'Ana', user_id: 'u1', user_details, ...metadata }
  expect(JSON.parse(changed.metadata!)).toEqual(known)

  expect(await studio.call('session.stop', { session_id })).toMatchObject({ state: 'ended', end_reason: 'stopped' })
  await caller.until((seen) => seen.includes('disconnected'))
  expect(await studio.api.rooms()).toEqual([])
  expect((await studio.call('connection.list', {})).worker).toMatchObject({ state: 'ready', sessions: 0 })
  await expect(studio.call('room.join', { session_id, as: 'caller' })).rejects.toMatchObject({ code: 'conflict' })

  const resumed = await studio.call('session.resume', { session_id })
  expect(resumed).toMatchObject({ session: { state: 'active', attempt: 2 }, room: { room_name } })
  const again = await joinRoom(studio.server, resumed.room!)
  expect(JSON.parse(again.room.localParticipant?.metadata ?? '')).toEqual(known)
  expect(again.room.localParticipant?.attributes).toMatchObject({ tier: 'silver' })
  await again.say('Still there?')
  await call.journaled('turn.committed', ({ attempt }) => attempt === 2)
  // Who publishes nothing is announced to others a little later, and leaves after that.
  await call.journaled('participant', ({ attempt, change }) => attempt === 2 && change === 'joined')
  await again.room.disconnect()
  expect(await call.journaled('session.ended', ({ attempt }) => attempt === 2)).toMatchObject({ reason: 'caller_left' })
})

test.skipIf(missing)('a call that the server refuses ends with the reason, and does not hang', async () => {
  const studio = await startRoomStudio()
  const agent_id = await studio.addAgent('Ada')
  const start = () => studio.call('session.start', { agent_id, modality: 'text', connection_id: CONNECTION })
  await studio.setSecret('lk_secret', 'another secret, which is not that of this server')
  await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('refuses the API key') })

  await studio.setSecret('lk_secret', studio.server.api_secret)
  await studio.server.kill()
  await expect(start()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be reached') })
  expect((await studio.call('session.list', {})).sessions).toEqual([])
})

test.skipIf(missing)('clients that know LiveKit alone get their agents: by name, by purpose, and nobody in words', async () => {
  const studio = await startRoomStudio({ serve: true, automatic: true })
  const ada = await studio.addAgent('Ada', { routing: { dispatch_by_name: true, purposes: ['greet'] } })
  const bob = await studio.addAgent('Bob', { routing: { purposes: ['billing'] } })
  const join = async (room: string, wanted: { agentName?: string; metadata?: string }) => {
    const begun = studio.sessions()
    const person = await joinRoom(studio.server, {
      token: await foreignToken(studio.server, { room, identity: 'ana', ...wanted }),
    })
    return { person, session: await begun.next((session) => session.room?.room_name === room) }
  }
  await studio.registered('', ada)
  const named = await join('by-name', { agentName: 'ada' })
  expect(named.session).toMatchObject({ agent_id: 'ada', kind: 'room', room: { origin: 'dispatch' } })
  const [byPurpose, other] = [
    await join('greeting', { metadata: '{"purpose":"GREET"}' }),
    await join('bills', { metadata: '{"purpose":"billing","user_id":"u7"}' }),
  ]
  expect(byPurpose.session).toMatchObject({ agent_id: 'ada' })
  expect(other.session).toMatchObject({ agent_id: 'bob' })
  const bills = await studio.watch(other.session.session_id)
  const { decision } = await bills.journaled('session.routed')
  expect(decision).toMatchObject({ rule: 'purpose', agent_id: 'bob', user_id: 'u7' })
  expect(decision.rules.find(({ rule }) => rule === 'explicit')).toMatchObject({ result: 'no_match' })
  expect((await bills.journaled('turn.committed')).spoken).toBe('Hello, this is Bob.')
  expect(await studio.call('session.get', { session_id: other.session.session_id })).toMatchObject({
    route: 'purpose',
    room: { caller_identity: 'ana' },
  })
  // Whoever asked for the agent wants it to go.
  const byName = await studio.watch(named.session.session_id)
  await byName.journaled('turn.committed')
  for (const { id } of await studio.dispatches('by-name')) await studio.api.deleteDispatch(id, 'by-name')
  expect(await byName.journaled('session.ended')).toMatchObject({ reason: 'dispatch_ended' })

  for (const agent_id of [ada, bob]) await studio.call('agent.set_state', { agent_id, enabled: false })
  const refused = await join('nobody', { metadata: '{"purpose":"billing"}' })
  const told = await studio.watch(refused.session.session_id)
  expect(await told.journaled('session.ended')).toMatchObject({ reason: 'no_agent' })
  expect(await told.journaled('session.error')).toMatchObject({ error: { message: expect.stringContaining('No agent answers') } })
  const asCaller = { session_id: other.session.session_id, as: 'caller' } as const
  await expect(studio.call('room.join', asCaller)).rejects.toMatchObject({ code: 'conflict' })

  await other.person.room.disconnect()
  expect(await bills.journaled('session.ended')).toMatchObject({ reason: 'caller_left' })
  await eventually(async () => (await studio.api.participants('bills')).length === 0)
})
