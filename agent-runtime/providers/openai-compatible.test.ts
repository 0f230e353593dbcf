import { afterAll, beforeAll, expect, test } from 'vitest'
import { interviewAgent } from '../session/testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess, type SpecPart } from '../session/testing/runtime-process.ts'
import { startOpenAiServer, type OpenAiTestServer } from './testing/openai-server.ts'

let server: OpenAiTestServer
let runtime: RuntimeProcess
beforeAll(async () => {
  ;[server, runtime] = await Promise.all([startOpenAiServer({ key: 'sk-right' }), startRuntime()])
})
afterAll(async () => {
  await runtime.stop()
  await server.close()
})

const agent = (llm: Record<string, unknown> = {}, instructions = 'RULE: Blue is the answer.') => ({
  ...interviewAgent,
  prompt_config: { instructions },
  llm_config: { provider: 'openai-compatible', base_url: server.base_url, api_key: 'env:TEST_KEY', model: 'test-model', ...llm },
})
const call = (content: Record<string, unknown>, part: SpecPart = { secrets: { 'env:TEST_KEY': 'sk-right' } }) =>
  runtime.start(content, part)

test('the LLM reads its prompt and keeps to the schema', async () => {
  const running = call(agent({ temperature: 0, max_tokens: 300 }))
  running.say('What is the answer?')
  const { turn_id, spoken, usage } = await running.event('turn.committed')
  expect(spoken).toBe('Blue is the answer. You said: What is the answer?')
  expect(usage).toMatchObject({ prompt_tokens: 50 })
  expect(await running.event('output.done', (event) => event.turn_id === turn_id)).toMatchObject({ parse: 'json', problems: [] })
  const request = server.requests.findLast(({ path }) => path.endsWith('/completions'))
  expect(request).toMatchObject({
    authorization: 'Bearer sk-right',
    body: { temperature: 0, max_tokens: 300, response_format: { json_schema: { strict: true } } },
  })
  await running.end()
})

test.each(['json_object', 'prompt'])('%s tells the schema in the prompt', async (structured_output) => {
  const running = call(agent({ structured_output }))
  running.say('Hello.')
  const { spoken } = await running.event('turn.committed')
  expect(spoken).toBe('Blue is the answer. You said: Hello.')
  expect(await running.event('output.done')).toMatchObject({ parse: 'json', problems: [] })
  await running.end()
})

test('the model sees its own JSON with what was heard', async () => {
  const running = call(agent())
  running.say('First.')
  await running.event('turn.committed')
  running.say('Second.')
  await running.event('turn.committed', () => true, 2)
  const { body } = server.requests.findLast(({ path }) => path.endsWith('/completions')) ?? {}
  const messages: { role: string; content: string }[] = Object(body).messages
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
  expect(JSON.parse(messages[2]?.content ?? '')).toMatchObject({
    system_response: 'Blue is the answer. You said: First.',
    stage: 'intro',
  })
  await running.end()
})

const FAULTS: [string, Record<string, unknown>, string, RegExp, RegExp][] = [
  ['401', { api_key: 'env:WRONG' }, 'provider_failed', /does not accept the key of env:WRONG/, /Models & keys/],
  ['no key', { api_key: 'secret:none' }, 'provider_failed', /secret:none is empty/, /Paste the key/],
  ['404', { model: 'fault-404' }, 'provider_failed', /does not know the model "fault-404"/, /another model/],
  ['429', { model: 'fault-429' }, 'rate_limited', /429/, /Wait/],
  ['500', { model: 'fault-500' }, 'provider_failed', /fault of its own \(500\)/, /later/],
  ['time-out', { model: 'hang', timeout_ms: 400 }, 'provider_failed', /did not answer in time/, /Try again/],
  ['hang midway', { model: 'hang-midway', timeout_ms: 400 }, 'provider_failed', /did not answer in time/, /Try again/],
  ['drop', { model: 'drop' }, 'provider_failed', /broke off/, /Try again/],
  ['garbage', { model: 'garbage' }, 'provider_failed', /cannot be read/, /OpenAI-compatible/],
  ['a web page', { model: 'plain' }, 'provider_failed', /answered with nothing/, /another model/],
  ['nothing', { model: 'empty' }, 'provider_failed', /answered with nothing/, /another model/],
  ['no JSON', { model: 'not-json' }, 'provider_failed', /plain text instead of JSON/, /structured output/],
  [
    'nobody there',
    { base_url: 'http://127.0.0.1:9/v1' },
    'provider_failed',
    /Nothing answers at http:\/\/127.0.0.1:9\/v1/,
    /running/,
  ],
]
test.each(FAULTS)('%s is told with its cause and what to do, and the call goes on', async (_name, llm, code, message, hint) => {
  const running = call(agent(llm), { secrets: { 'env:TEST_KEY': 'sk-right', 'env:WRONG': 'sk-wrong' } })
  running.say('Hello.')
  const { error, turn_id } = await running.event('session.error')
  expect(error).toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
    hint: expect.stringMatching(hint) as string,
  })
  expect((await running.event('turn.committed')).turn_id).toBe(turn_id)
  expect(JSON.stringify(error)).not.toMatch(/sk-/)
  running.configure(2, agent())
  running.say('Again.')
  expect((await running.event('turn.committed', () => true, 2)).spoken).toMatch(/Blue is the answer/)
  await running.end()
})

test('a changed prompt is what the next turn reads', async () => {
  const running = call(agent())
  running.say('One.')
  await running.event('turn.committed')
  running.configure(2, agent({}, 'RULE: Red is better.'))
  running.say('Two.')
  const second = await running.event('turn.committed', () => true, 2)
  expect(second.spoken).toBe('Red is better. You said: Two.')
  expect((await running.event('turn.started', ({ turn_id }) => turn_id === second.turn_id)).revision).toBe(2)
  await running.end()
})
