import { onTestFinished, expect, test } from 'vitest'
import { Room, RoomEvent } from '@livekit/rtc-node'
import { ConnectionId } from '../../core/contract/connections.ts'
import type { LiveConnection } from './live-connection.ts'
import { createServerApi } from './server-api.ts'
import { agentToken, callerToken, observerToken } from './tokens.ts'
import { noLiveKit, startLiveKit } from './testing/livekit-server.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const connectionTo = (url: string, api_key: string, api_secret: string): LiveConnection => ({
  connection_id: ConnectionId.parse('test'),
  key: ConnectionId.parse('test'),
  name: 'Test',
  url,
  api_key,
  api_secret,
  serve: false,
  automatic: false,
})

async function join(url: string, token: string): Promise<Room> {
  const room = new Room()
  onTestFinished(() => room.disconnect())
  await room.connect(url, token, { autoSubscribe: true, dynacast: false })
  return room
}

const claims = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const keys = { api_key: 'key', api_secret: 'a secret that is long enough for this' }

test('a token has the grants of its purpose, is short-lived, and carries no room configuration', async () => {
  const who = { room_name: 'r', identity: 'me', name: 'Me', metadata: '{"a":1}', attributes: { tier: 'gold' } }
  const caller = claims(await callerToken(keys, who, 10))
  expect(caller).toMatchObject({ sub: 'me', name: 'Me', metadata: '{"a":1}', attributes: { tier: 'gold' }, iss: 'key' })
  expect(caller).toMatchObject({
    video: { roomJoin: true, room: 'r', canPublishSources: ['microphone'], canUpdateOwnMetadata: false },
  })
  expect(caller).not.toHaveProperty('roomConfig')
  const { exp, nbf } = caller as { exp: number; nbf: number }
  expect(exp - nbf).toBe(600)
  expect(claims(await observerToken(keys, who))).toMatchObject({
    video: { hidden: true, canPublish: false, canPublishData: false },
  })
  expect(claims(await agentToken(keys, who))).toMatchObject({ kind: 'agent', video: { roomJoin: true, room: 'r' } })
})

test('a server that is not there is told in plain words', async () => {
  const api = createServerApi(connectionTo('ws://127.0.0.1:59', 'key', 'secret'))
  await expect(api.rooms()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('nothing listens at its address'),
  })
})

test.skipIf(missing)('rooms, people and tokens of a real server', async () => {
  const server = await startLiveKit()
  onTestFinished(server.close)
  const connection = connectionTo(server.url, server.api_key, server.api_secret)
  const api = createServerApi(connection)
  await api.createRoom('r')
  expect(await api.rooms()).toMatchObject([{ room_name: 'r' }])
  expect(await api.participants('elsewhere')).toEqual([])

  const caller = await join(server.url, await callerToken(connection, { room_name: 'r', identity: 'ana' }))
  const seen: string[] = []
  caller.on(RoomEvent.ParticipantConnected, ({ identity }) => seen.push(identity))
  await join(server.url, await observerToken(connection, { room_name: 'r', identity: 'owl' }))
  const came = new Promise((resolve) => caller.once(RoomEvent.ParticipantConnected, resolve))
  const agent = await join(server.url, await agentToken(connection, { room_name: 'r', identity: 'agent-1' }))
  await came
  expect(seen).toEqual(['agent-1'])
  await agent.localParticipant?.setAttributes({ 'lk.agent.state': 'listening' })

  const changed = new Promise((resolve) => caller.once(RoomEvent.ParticipantMetadataChanged, resolve))
  await api.updateParticipant('r', 'ana', { metadata: '{"purpose":"sales"}', name: 'Ana' })
  await changed
  expect(await api.participants('r')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ identity: 'ana', kind: 'standard', name: 'Ana', metadata: '{"purpose":"sales"}' }),
      expect.objectContaining({ identity: 'agent-1', kind: 'agent' }),
    ]),
  )
  await expect(api.updateParticipant('r', 'nobody', { name: 'x' })).rejects.toMatchObject({ code: 'not_found' })
  const id = await api.dispatch('r', 'nobody-there', '{}')
  await api.deleteDispatch(id, 'r')
  await api.deleteRoom('r')
  await api.deleteRoom('r')
  const other = createServerApi(connectionTo(server.url, server.api_key, 'another secret that is long enough'))
  await expect(other.rooms()).rejects.toMatchObject({ code: 'media_failed', message: expect.stringContaining('key') })
})
