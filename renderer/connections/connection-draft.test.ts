import { expect, test } from 'vitest'
import { ConnectionId, type Connection } from '../../core/contract/index.ts'
import { draftOf, readDraft, restoreOf } from './connection-draft.ts'

const acme: Connection = {
  connection_id: ConnectionId.parse('acme'),
  name: 'Acme',
  source: 'own',
  url: 'wss://acme.livekit.cloud',
  api_key: 'secret:livekit-acme-key',
  api_secret: 'secret:livekit-acme-secret',
  serve: true,
  automatic: false,
  has_keys: true,
}

test('a pasted key goes into the secret store, and the connection names it only', () => {
  const { problems, secrets, save } = readDraft(
    { name: 'Acme (EU)', url: ' wss://acme.livekit.cloud ', api_key: 'APIxyz', api_secret: 'env:LIVEKIT_API_SECRET' },
    undefined,
  )
  expect(problems).toEqual({})
  expect(secrets).toEqual([{ name: 'livekit-acme-eu-key', value: 'APIxyz' }])
  expect(save).toEqual({
    name: 'Acme (EU)',
    url: 'wss://acme.livekit.cloud',
    api_key: 'secret:livekit-acme-eu-key',
    api_secret: 'env:LIVEKIT_API_SECRET',
  })
})

test('a new connection needs all four; a known one keeps its keys when they are left empty', () => {
  expect(Object.keys(readDraft(draftOf(undefined), undefined).problems)).toEqual(['name', 'url', 'api_key', 'api_secret'])
  const changed = readDraft({ ...draftOf(acme), name: 'Acme 2' }, acme)
  expect(changed.problems).toEqual({})
  expect(changed.save).toEqual({ connection_id: 'acme', name: 'Acme 2', url: 'wss://acme.livekit.cloud' })
})

test('what was deleted comes back as it was', () => {
  const { source: _source, has_keys: _has_keys, ...kept } = acme
  expect(restoreOf(acme)).toEqual(kept)
})

test.each(['acme.livekit.cloud', 'localhost:7880', '[::1]:7880', 'https://acme.example/livekit/'])(
  'an address is taken as it is pasted: %s',
  (url) => expect(readDraft({ ...draftOf(undefined), url }, undefined).problems.url).toBeUndefined(),
)
test.each(['', 'my server', 'wss://'])('%j is no address', (url) =>
  expect(readDraft({ ...draftOf(undefined), url }, undefined).problems.url).toBeDefined(),
)
