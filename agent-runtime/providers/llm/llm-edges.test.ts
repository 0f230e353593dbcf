import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { initializeLogger } from '@livekit/agents'
import { afterEach, expect, test } from 'vitest'
import { agentFor, ask, outcome } from '../testing/llm-contract.ts'

initializeLogger({ pretty: false, level: 'silent' })

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Answers every request with these bytes, one write each. */
async function answering(...pieces: readonly string[]): Promise<string> {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of pieces) response.write(piece)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port }: AddressInfo = Object(server.address())
  return `http://127.0.0.1:${port}/v1`
}

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`
const agent = (provider: string, base_url: string, more = {}) =>
  agentFor({ provider, base_url, api_key: 'env:TEST_KEY', model: 'm', ...more })
const responses = (base_url: string) => agent('openai', base_url, { api: 'responses' })

const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hé!' } }
const stop = { type: 'message_stop' }

test('events are found however the network cuts them', async () => {
  const whole = Buffer.from(`: a comment\r\nevent: x\r\n${event(delta).replaceAll('\n', '\r\n')}${event(stop)}`)
  const base_url = await answering(...[...whole].map((byte) => Buffer.from([byte]).toString('latin1')))
  server.removeAllListeners('request')
  server.on('request', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const byte of whole) response.write(Buffer.from([byte]))
    response.end()
  })
  expect((await ask(agent('anthropic', base_url))).text).toBe('Hé!')
})

test('a reply that reached its limit is a reply', async () => {
  const usage = { input_tokens: 5, output_tokens: 3 }
  const base_url = await answering(
    event({ type: 'response.output_text.delta', delta: '{"a": 1' }),
    event({ type: 'response.incomplete', response: { usage, incomplete_details: { reason: 'max_output_tokens' } } }),
  )
  expect(await ask(responses(base_url))).toEqual({ text: '{"a": 1', usage: { prompt_tokens: 5, completion_tokens: 3 } })
})

test.each([
  ['anthropic', [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }], /fault of its own \(529\)/],
  ['anthropic', [{ type: 'message_delta', delta: { stop_reason: 'refusal' } }], /declined to answer/],
  ['anthropic', [delta], /broke off its answer/],
  ['google', [{ promptFeedback: { blockReason: 'SAFETY' } }], /declined to answer \(SAFETY\)/],
  ['google', [{ error: { code: 429, message: 'Quota' } }], /refuses more requests/],
  ['google', [{ candidates: [{ content: { parts: [{ text: 'Hé' }] } }] }], /broke off its answer/],
] as const)('%s: what goes wrong within the stream is told: %j', async (provider, events, message) => {
  const base_url = await answering(...events.map(event))
  expect((await outcome(agent(provider, base_url))).failure?.message).toMatch(message)
})

test.each([
  [{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow down' }, /refuses more requests/],
  [{ type: 'response.failed', response: { error: { code: 'server_error', message: 'Oh' } } }, /fault of its own/],
])('OpenAI responses: %j', async (failure, message) => {
  const base_url = await answering(event(failure))
  expect((await outcome(responses(base_url))).failure?.message).toMatch(message)
})

test('what thinks aloud in its reply is not heard thinking', async () => {
  const chunk = (content: string) =>
    event({ id: '1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })
  const base_url = await answering(chunk('<think>Hm.'), chunk('</think>'), chunk('Yes.'), 'data: [DONE]\n\n')
  expect((await ask(agent('ollama', base_url))).text.trim()).toBe('Yes.')
})

test('keys stay at the address that they are for', async () => {
  const elsewhere = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const { port }: AddressInfo = Object(elsewhere.address())
  let reached = 0
  elsewhere.on('request', () => reached++)
  for (const provider of ['anthropic', 'google', 'groq', 'azure-openai']) {
    const base_url = await answering()
    server.removeAllListeners('request')
    server.on('request', (_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end())
    expect((await outcome(agent(provider, base_url))).failure?.message).toMatch(/refused the request \(307\)/)
    server.close()
  }
  expect(reached).toBe(0)
  elsewhere.close()
})

test('both halves of LiveKit’s key are asked for by name', async () => {
  const { failure } = await outcome(agent('livekit-inference', 'http://127.0.0.1:9/v1'))
  expect(failure?.message).toMatch(/needs an API key and its secret, and the secret is empty/)
})

test('an address and a model are asked for before the call', async () => {
  await expect(outcome(agentFor({ provider: 'azure-openai', model: 'm' }))).rejects.toThrow(/has no address/)
  await expect(outcome(agentFor({ provider: 'ollama' }))).rejects.toThrow(/has no model/)
})

test.each(['groq', 'anthropic', 'google'])('%s without its key says which one is missing', async (provider) => {
  const base_url = await answering()
  server.removeAllListeners('request')
  server.on('request', (_request, response) => response.writeHead(401).end('{"error": {"message": "No key."}}'))
  const { failure } = await outcome(agentFor({ provider, base_url, model: 'm' }))
  expect(failure?.message).toMatch(/needs a key, and env:(GROQ|ANTHROPIC|GEMINI)_API_KEY is empty/)
})

test.each(['groq', 'anthropic', 'openai-compatible'])(
  '%s: a host that is none and a server that is not secure are told apart',
  async (provider) => {
    const nowhere = await outcome(agent(provider, 'http://no.such.invalid/v1'))
    expect(nowhere.failure?.message).toMatch(/There is no host no\.such\.invalid/)
    const base_url = await answering()
    const plain = await outcome(agent(provider, base_url.replace('http:', 'https:')))
    expect(plain.failure?.message).toMatch(/No secure connection to https/)
  },
)

test('a model that is known by name to think gets no temperature, any other one gets 0', async () => {
  const base_url = await answering()
  const bodies: string[] = []
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    request.on('data', (part) => bodies.push(String(part)))
    request.on('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n'))
  })
  for (const model of ['gpt-5-mini', 'my-own']) await ask(agent('openai-compatible', base_url, { model, temperature: 0 }))
  expect(bodies.map((body) => body.includes('"temperature":0'))).toEqual([false, true])
})
