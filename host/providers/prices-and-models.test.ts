import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import type { InputOf } from '../../core/contract/index.ts'
import { callerWith, startTestHost, type TestHost } from '../testing/start-test-host.ts'
import { findProvider } from '../../core/providers/index.ts'
import { createOpenFetch } from '../fetching/open-fetch.ts'
import { fetchModelList } from './model-list.ts'

const CANARY = 'sk-canary-77a0c2e94d15'
afterEach(() => vi.unstubAllEnvs())

async function startStudio(): Promise<TestHost> {
  const studio = await startTestHost()
  onTestFinished(() => studio.close())
  return studio
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const price = { per: 'million_tokens', input_usd: 1, output_usd: 2, as_of: '2026-11', source: 'our contract' } as const

test('an own price comes before the catalogue’s, is announced and audited, lasts, and can be taken back', async () => {
  let studio = await startTestHost()
  onTestFinished(() => studio.close())
  const { prices } = await studio.call('price.list', {})
  const listed = prices.find(({ kind }) => kind === 'llm')!
  expect(listed).toMatchObject({ own: false, price: { as_of: expect.any(String), source: expect.any(String) } })
  const { kind, provider, model } = listed
  const set = async (input: InputOf<'price.set'>) => {
    const reply = await studio.host.dispatch(callerWith('admin'), 'price.set', input)
    if (!reply.ok) throw new Error(reply.error.message)
    const id = findProvider(input.kind, input.provider)?.id
    return reply.value.prices.filter((one) => one.model === input.model && one.kind === input.kind && one.provider === id)
  }
  expect(await set({ kind, provider, model, price })).toEqual([{ kind, provider, model, price, own: true }])
  expect(await set({ kind: 'llm', provider: 'custom', model: 'my-own', price })).toMatchObject([
    { provider: 'openai-compatible', model: 'my-own', own: true },
  ])
  expect(studio.events).toContainEqual({ type: 'price.changed' })
  studio = await studio.restart()
  expect((await studio.call('price.list', {})).prices.filter(({ own }) => own)).toHaveLength(2)
  expect(await set({ kind, provider, model })).toEqual([listed])
})

test('a price that could never be applied, a provider that is none, and a developer are refused', async () => {
  const studio = await startStudio()
  const admin = callerWith('admin')
  const of = { kind: 'llm', provider: 'openai-compatible', model: 'm' } as const
  const set = (input: InputOf<'price.set'>, caller = admin) => studio.host.dispatch(caller, 'price.set', input)
  expect(await set({ ...of, price: { per: 'minute', usd: 1, as_of: '', source: '' } })).toMatchObject({
    error: { code: 'malformed', message: expect.stringContaining('tokens') as string },
  })
  expect(await set({ ...of, provider: 'nobody', price })).toMatchObject({ error: { code: 'not_found' } })
  expect(await set({ ...of, price }, callerWith('developer'))).toMatchObject({ error: { code: 'forbidden' } })
})

test('a provider’s own list is asked with its key, once in a while, and a new key is asked with at once', async () => {
  const studio = await startStudio()
  const seen: (string | undefined)[] = []
  const base_url = await serve(({ url, headers }, response) => {
    seen.push(`${url} ${headers.authorization}`)
    response.end(JSON.stringify({ object: 'list', data: [{ id: 'b' }, { id: 'a' }, { id: 'b' }, { name: 'none' }] }))
  })
  vi.stubEnv('LIST_KEY', CANARY)
  const block = { provider: 'openai-compatible', base_url: `${base_url}/`, api_key: 'env:LIST_KEY' }
  const list = () => studio.call('provider.models', { kind: 'llm', block })
  expect(await list()).toEqual({ models: ['b', 'a'], source: `${base_url}/models` })
  expect(await list()).toMatchObject({ models: ['b', 'a'] })
  vi.stubEnv('LIST_KEY', 'sk-another')
  await list()
  expect(seen).toEqual([`/v1/models Bearer ${CANARY}`, '/v1/models Bearer sk-another'])
})

test.each<[string, number, string, RegExp]>([
  [
    '401',
    401,
    `{"error": {"message": "Incorrect API key provided: ${CANARY}"}}`,
    /does not accept the key of env:LIST_KEY \(401\)/,
  ],
  ['429', 429, CANARY, /refuses more requests/],
  ['500', 500, CANARY, /fault of its own/],
  ['404', 404, CANARY, /no list of models/],
  ['redirect', 302, '', /no list of models/],
  ['a page', 200, `<html>${CANARY}`, /gave no list/],
  ['another list', 200, `{"models": ["${CANARY}"]}`, /gave no list/],
])('%s is told in plain words, without the key', async (_name, status, body, message) => {
  const studio = await startStudio()
  const base_url = await serve((_, response) => response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body))
  vi.stubEnv('LIST_KEY', CANARY)
  const block = { provider: 'openai-compatible', base_url, api_key: 'env:LIST_KEY' }
  const reply = await studio.dispatch('provider.models', { kind: 'stt', block })
  expect(reply).toMatchObject({ ok: false, error: { message: expect.stringMatching(message) as string } })
  expect(JSON.stringify(reply)).not.toContain(CANARY)
})

test('no server, no key, no such provider, no list and a broken block are told apart', async () => {
  const studio = await startStudio()
  vi.stubEnv('OPENAI_API_KEY', '')
  const ask = async (block: Record<string, string>, kind: 'llm' | 'tts' = 'llm') => {
    const reply = await studio.dispatch('provider.models', { kind, block })
    return reply.ok ? '' : `${reply.error.code}: ${reply.error.message}`
  }
  expect(await ask({ provider: 'openai-compatible', base_url: 'http://127.0.0.1:9/v1' })).toMatch(
    /^provider_failed: Nothing answers/,
  )
  expect(await ask({ provider: 'openai-compatible' })).toMatch(/needs a key, and env:OPENAI_API_KEY is empty/)
  expect(await ask({ provider: 'nobody' })).toMatch(/^not_found/)
  expect(await ask({ provider: 'espeak-ng' }, 'tts')).toMatch(/^unsupported: eSpeak NG does not list/)
  expect(await ask({ provider: 'openai-compatible', api_key: CANARY })).toMatch(/^malformed.*api_key/)
  expect(await ask({ provider: 'openai-compatible', api_key: CANARY })).not.toContain(CANARY)
})

const asked = { name: 'P', key_reference: undefined, key: 'k', fetch: createOpenFetch(1_000_000) }

test('each way of asking: the header of the key, where the list stands, and how names are written', async () => {
  const seen: IncomingMessage['headers'][] = []
  const base_url = await serve(({ headers }, response) => {
    seen.push(headers)
    response.end(JSON.stringify({ models: [{ name: 'models/gemini' }], stt: { all: ['nova'] } }))
  })
  const { signal } = new AbortController()
  const list = (part: { auth: 'x-goog-api-key' | 'token' | 'none'; list: string; id: string; strip?: string }) =>
    fetchModelList({ ...asked, base_url, endpoint: { path: '/m', headers: { 'x-version': '1' }, ...part } }, signal)
  expect(await list({ auth: 'x-goog-api-key', list: 'models', id: 'name', strip: 'models/' })).toEqual(['gemini'])
  expect(await list({ auth: 'token', list: 'stt.all', id: '' })).toEqual(['nova'])
  await expect(list({ auth: 'none', list: '', id: 'x' })).rejects.toMatchObject({ code: 'provider_failed' })
  expect(seen).toMatchObject([{ 'x-goog-api-key': 'k', 'x-version': '1' }, { authorization: 'Token k' }, {}])
  expect(Object.keys(seen[2]!)).not.toContain('authorization')
})

test('a provider that hangs is given up on, and one that nobody waits for any more is left', async () => {
  let tellAsked = () => {}
  const asking = new Promise<void>((resolve) => (tellAsked = resolve))
  const base_url = await serve(() => tellAsked())
  const endpoint = { path: '/m', auth: 'none', list: '', id: '' } as const
  await expect(fetchModelList({ ...asked, base_url, endpoint }, new AbortController().signal, 50)).rejects.toThrow(/in time/)
  const leaving = new AbortController()
  const left = fetchModelList({ ...asked, base_url, endpoint }, leaving.signal)
  await asking
  leaving.abort()
  await expect(left).rejects.toMatchObject({ name: 'AbortError' })
})
