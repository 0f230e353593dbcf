import { initializeLogger } from '@livekit/agents'
import { expect, onTestFinished, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import type { Json } from '../../../core/json.ts'
import { geminiLiveDialect } from '../testing/gemini-live-dialect.ts'
import { agentFor, answerOf, ask, conversation, KEY, modelFor, outcome, systemOf } from '../testing/llm-contract.ts'
import { openaiRealtimeDialect } from '../testing/openai-realtime-dialect.ts'
import { startRealtimeServer, type RealtimeDialect, type RealtimeServer, type Talk } from '../testing/realtime-server.ts'

initializeLogger({ pretty: false, level: 'silent' })

async function serving(dialect: RealtimeDialect): Promise<RealtimeServer> {
  const server = await startRealtimeServer(dialect)
  onTestFinished(() => server.close())
  return server
}
const openai = ({ url }: RealtimeServer, more = {}) =>
  agentFor({ provider: 'openai-realtime', base_url: `${url}/v1`, api_key: 'env:TEST_KEY', ...more })
const gemini = ({ url }: RealtimeServer, more = {}) =>
  agentFor({ provider: 'gemini-live', base_url: `${url}/v1beta`, api_key: 'env:TEST_KEY', ...more })

const fault = (error: Readonly<Record<string, string>>): Json => ({ type: 'error', event_id: 'e', error })
const ended = (status: string, details: Readonly<Record<string, Json>>): Json => ({
  type: 'response.done',
  response: { id: 'resp_1', status, status_details: { type: status, ...details }, usage: null },
})

test.each([
  [
    fault({ type: 'invalid_request_error', code: 'invalid_api_key', message: `Incorrect API key: ${KEY}` }),
    /does not accept the key/,
  ],
  [fault({ type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'Slow down' }), /refuses more requests/],
  [fault({ type: 'insufficient_quota', code: 'insufficient_quota', message: 'No money' }), /402/],
  [fault({ type: 'server_error', message: 'Oh' }), /fault of its own \(500\)/],
  [ended('failed', { error: { type: 'server_error', code: 'server_error', message: `Oh ${KEY}` } }), /fault of its own \(500\)/],
  [ended('incomplete', { reason: 'content_filter' }), /declined to answer \(content_filter\)/],
  [ended('cancelled', { reason: 'turn_detected' }), /broke off its answer/],
])('OpenAI: %j', async (failure, message) => {
  const server = await serving(openaiRealtimeDialect({ failure: () => failure }))
  const told = (await outcome(openai(server))).failure
  expect(told?.message).toMatch(message)
  expect(JSON.stringify(told)).not.toContain(KEY)
})

test('OpenAI: a reply that reached its limit is a reply', async () => {
  const failure = () => ended('incomplete', { reason: 'max_output_tokens' })
  const server = await serving(openaiRealtimeDialect({ failure }))
  expect(await ask(openai(server, { max_tokens: 9000 }))).toMatchObject({ text: '' })
  expect(JSON.stringify(server.sessions[0]?.messages)).toContain('"max_output_tokens":4096')
})

test('OpenAI: a session that is as old as it may be, or died unnoticed, costs no turn', async () => {
  let failure: Json | undefined
  const server = await serving(openaiRealtimeDialect({ failure: () => failure && fault({ type: 'x', code: 'session_expired' }) }))
  const model = await modelFor(openai(server))
  const once = server.next((message) => JSON.stringify(message).includes('response.create'))
  await answerOf(model, conversation(openai(server)))
  await once
  failure = {}
  const again = server.next((message) => JSON.stringify(message).includes('response.create')).then(() => (failure = undefined))
  expect((await answerOf(model, conversation(openai(server)))).text).toContain('Blue is the answer.')
  await again
  expect(server.sessions).toHaveLength(2)
  model.close?.()
})

test('two replies at once do not hear each other', async () => {
  const server = await serving(openaiRealtimeDialect())
  const document = openai(server)
  const model = await modelFor(document)
  const answers = await Promise.all([1, 2, 3].map(() => answerOf(model, conversation(document))))
  for (const { text } of answers) expect(JSON.parse(text)).toMatchObject({ stage: 'intro' })
  model.close?.()
  await Promise.all(server.sessions.map(({ closed }) => closed))
})

test('a model that is closed finishes its reply, and keeps nothing open after it', async () => {
  const server = await serving(openaiRealtimeDialect())
  const document = openai(server)
  const model = await modelFor(document)
  const answer = answerOf(model, conversation(document))
  model.close?.()
  expect((await answer).text).toContain('Blue is the answer.')
  await Promise.all(server.sessions.map(({ closed }) => closed))
})

test('Gemini: what it speaks instead of calling the function is read by its transcript', async () => {
  const server = await serving(geminiLiveDialect({ speaks: () => true }))
  const { text, usage } = await ask(gemini(server))
  expect(text).toBe('Blue is the answer. You said: What is the answer?')
  expect(usage).toMatchObject({ audio_completion_tokens: 6 })
})

test('Gemini: a turn that it does not answer is told', async () => {
  const server = await serving(geminiLiveDialect({ speaks: () => 'nothing' }))
  expect((await outcome(gemini(server))).failure?.message).toMatch(/nothing|empty/i)
})

test('Gemini: an agent without a table has no function to call', async () => {
  const server = await serving(geminiLiveDialect())
  const document = AgentDocument.parse({ ...gemini(server), schema_config: { fields: [] } })
  expect((await ask(document)).text).toBe('Blue is the answer. You said: What is the answer?')
  expect(JSON.stringify(server.sessions[0]?.messages)).not.toContain('functionDeclarations')
})

const closing = (code: number, reason: string): RealtimeDialect => ({
  ...geminiLiveDialect(),
  begin: (talk) => () => talk.close(code, reason),
})
test.each([
  [1007, `API key not valid: ${KEY}`, /does not accept the key/],
  [1008, 'models/x is not found for API version v1beta', /404|does not (have|know)/],
  [1011, 'You exceeded your current quota.', /refuses more requests/],
  [1011, 'Internal error encountered.', /fault of its own \(500\)/],
  [1007, 'Request contains an invalid argument.', /refused the request \(400\)/],
  [1006, '', /broke off its answer/],
])('Gemini: closed with %i %s', async (code, reason, message) => {
  const dialect = code === 1006 ? closing(1000, '') : closing(code, reason)
  const told = (await outcome(gemini(await serving(dialect)))).failure
  expect(told?.message).toMatch(message)
  expect(JSON.stringify(told)).not.toContain(KEY)
})

test('Gemini: a prepared session that is about to end is not used', async () => {
  const plain = geminiLiveDialect()
  const talks: Talk[] = []
  const server = await serving({ ...plain, begin: (talk) => plain.begin(talks[talks.push(talk) - 1] ?? talk) })
  const document = gemini(server)
  const model = await modelFor(document)
  await model.warm?.(systemOf(document))
  talks[0]?.say({ goAway: { timeLeft: '50s' } })
  await server.sessions[0]?.closed
  expect((await answerOf(model, conversation(document))).text).toContain('Blue is the answer.')
  expect(server.sessions[0]?.messages).toHaveLength(1)
  model.close?.()
})
