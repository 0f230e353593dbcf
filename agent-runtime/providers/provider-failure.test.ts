import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { post } from './http.ts'
import { EmptyAnswer, HttpFailure, providerFailure, SilentProvider, type ProviderFailureContext } from './provider-failure.ts'

/** Talks plain text to whoever asks for TLS, and hangs up on everybody else. */
const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (hello) => (hello[0] === 0x16 ? socket.end('no TLS here\r\n') : socket.destroy()))
})
let port = 0
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

const context = (base_url = 'http://127.0.0.1:1'): ProviderFailureContext => ({
  kind: 'tts',
  name: 'Voices',
  model: 'v1',
  base_url,
  key_reference: 'env:VOICES_KEY',
  key_given: true,
  keys: ['sk-secret/1'],
})
const told = async (base_url: string) => {
  const signal = new AbortController().signal
  const cause: unknown = await post({ url: base_url, body: '{}', signal }).catch((thrown: unknown) => thrown)
  const { message, hint } = providerFailure(context(base_url), cause)
  return `${message} | ${hint}`
}

test('why nothing came is told apart', async () => {
  expect(await told('http://127.0.0.1:9999')).toMatch(
    /^Nothing answers at http:\/\/127\.0\.0\.1:9999 \| Is the server running.*ECONNREFUSED/,
  )
  expect(await told('http://no.such.host.invalid/v1')).toMatch(
    /^There is no host no\.such\.host\.invalid \| .*online.*(ENOTFOUND|EAI_AGAIN)/,
  )
  expect(await told(`https://127.0.0.1:${port}`)).toMatch(/^No secure connection to https:.*\| Its certificate.*http where https/)
  expect(await told(`http://127.0.0.1:${port}`)).toMatch(/broke off its answer \| The connection was cut/)
  const offline = Object.assign(new Error('voices.example is beyond this machine'), { code: 'EOFFLINE' })
  const refused = providerFailure(context('https://voices.example'), new TypeError('fetch failed', { cause: offline }))
  expect(refused).toMatchObject({ code: 'unavailable', message: 'Greenroom is offline: https://voices.example was not asked' })
})

test.each([
  [new HttpFailure(401, 'Bad key.'), /does not accept the key of env:VOICES_KEY \(401\)/],
  [new HttpFailure(402, 'Pay.'), /no credit left \(402\) \| Top up/],
  [new HttpFailure(404, ''), /does not know the model "v1" \(404\)/],
  [new HttpFailure(503, ''), /fault of its own \(503\)/],
  [new SilentProvider(500), /did not answer in time/],
  [new EmptyAnswer(), /made no sound/],
  [new SyntaxError('Unexpected token <'), /cannot be read \| .*protocol of Voices/],
])('%s', (cause, words) => {
  const { message, hint } = providerFailure(context(), cause)
  expect(`${message} | ${hint}`).toMatch(words)
})

test('a refusal that says when to come back is passed on with that', () => {
  expect(providerFailure(context(), new HttpFailure(429, 'Slowly.', 7000))).toMatchObject({
    code: 'rate_limited',
    retry_after_ms: 7000,
  })
})

test('a key that the provider repeats is struck out, in an address too', () => {
  const said = `Incorrect API key provided: sk-secret/1 (?key=${encodeURIComponent('sk-secret/1')})`
  for (const cause of [new HttpFailure(401, said), new HttpFailure(418, said), new Error(said)])
    expect(JSON.stringify(providerFailure(context(), cause))).not.toMatch(/secret.{1,3}1/)
})

test('a refusal without end is read for its first words, and its connection is closed', async () => {
  let onClosed = () => {}
  const closed = new Promise<void>((resolve) => (onClosed = resolve))
  const endless = createHttpServer((_request, response) => {
    response.writeHead(500)
    const more = () => response.writable && response.write('<'.repeat(10_000), () => setImmediate(more))
    more()
    response.once('close', onClosed)
  }).listen(0, '127.0.0.1')
  await once(endless, 'listening')
  const { port: at } = endless.address() as AddressInfo
  await expect(post({ url: `http://127.0.0.1:${at}`, body: '{}', signal: new AbortController().signal })).rejects.toMatchObject({
    status: 500,
  })
  await closed
  endless.close()
})
