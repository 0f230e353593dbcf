import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestHost, callerWith, type TestHost } from '../testing/start-test-host.ts'

let studio: TestHost
beforeEach(async () => {
  studio = await startTestHost()
})
afterEach(() => studio.close())

const list = async () => (await studio.call('connection.list', {})).connections
const admin = callerWith('admin')
const keep = (name: string, value: string) => studio.host.dispatch(admin, 'secret.set', { name, value })

test('a connection is kept under a name of its own, with keys by reference only, and heard of', async () => {
  const input = {
    name: 'Live Cloud ü',
    url: 'https://demo.livekit.cloud/',
    api_key: 'secret:LK_KEY',
    api_secret: 'secret:LK_SECRET',
  }
  const saved = await studio.call('connection.save', input)
  expect(saved).toMatchObject({
    connection_id: 'live-cloud-u',
    source: 'own',
    url: 'wss://demo.livekit.cloud',
    has_keys: false,
    serve: false,
    automatic: false,
  })
  expect((await studio.call('connection.save', input)).connection_id).toBe('live-cloud-u-2')
  expect(studio.events.filter(({ type }) => type === 'connection.changed').length).toBeGreaterThanOrEqual(2)
  await keep('LK_KEY', 'k')
  await keep('LK_SECRET', 's3cret')
  expect((await list()).filter(({ has_keys }) => has_keys).map(({ connection_id }) => connection_id)).toEqual([
    'local',
    'live-cloud-u',
    'live-cloud-u-2',
  ])
  expect(JSON.stringify(await list())).not.toContain('s3cret')

  const served = await studio.call('connection.save', { connection_id: saved.connection_id, serve: true })
  expect(served).toMatchObject({ url: 'wss://demo.livekit.cloud', serve: true, automatic: false })

  studio = await studio.restart()
  expect(await list()).toContainEqual(served)
})

test('a deleted connection comes back by its reply', async () => {
  const saved = await studio.call('connection.save', { name: 'Own', url: 'localhost:7880', serve: true })
  const { connection_id, name, url, serve } = await studio.call('connection.delete', { connection_id: saved.connection_id })
  expect((await list()).map((one) => one.connection_id)).toEqual(['local'])
  expect(await studio.call('connection.save', { connection_id, name, ...(url !== undefined && { url }), serve })).toEqual(saved)
})

test('what the environment or kept secrets of its names say is a connection by itself', async () => {
  await keep('LIVEKIT_URL', 'demo.livekit.cloud')
  await keep('LIVEKIT_API_KEY', 'key')
  expect(await list()).toContainEqual({
    connection_id: 'environment',
    name: 'Environment',
    source: 'environment',
    url: 'wss://demo.livekit.cloud',
    api_key: 'env:LIVEKIT_API_KEY',
    api_secret: 'env:LIVEKIT_API_SECRET',
    serve: false,
    automatic: false,
    has_keys: false,
  })
  await keep('LIVEKIT_API_SECRET', 'secret')
  expect((await list()).find(({ source }) => source === 'environment')?.has_keys).toBe(true)
})

test('of the built-in ones only what they serve can be changed', async () => {
  const local = await studio.call('connection.list', {})
  const id = local.connections[0]?.connection_id
  if (!id) throw new Error('no local connection')
  expect(await studio.call('connection.save', { connection_id: id, automatic: true })).toMatchObject({
    automatic: true,
    serve: false,
  })
  await expect(studio.call('connection.save', { connection_id: id, url: 'wss://elsewhere.example' })).rejects.toThrow(
    'run by Greenroom itself',
  )
  await expect(studio.call('connection.delete', { connection_id: id })).rejects.toThrow('run by Greenroom itself')
})

test('bad input is refused with what is wrong', async () => {
  await expect(studio.call('connection.save', { url: 'wss://a.example' })).rejects.toThrow('needs a name')
  await expect(studio.call('connection.save', { name: 'X' })).rejects.toThrow('address')
  await expect(studio.call('connection.save', { name: 'X', url: 'wss://u:p4ss@a.example' })).rejects.toThrow(
    'a name or a password',
  )
  await expect(studio.call('connection.save', { name: 'X', url: 'wss://a.example', api_key: 'APIabc' })).rejects.toThrow()
})
