import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initializeLogger, llm } from '@livekit/agents'
import { AgentDocument } from '../../../core/agent/document.ts'
import { isJsonObject, parseJson } from '../../../core/json.ts'
import { TAKE_OVER_WORDS } from '../../../core/session/take-over-words.ts'
import { validateOutput } from '../../../core/output/validate-output.ts'
import { interviewAgent } from '../../session/testing/interview-agent.ts'
import { RehearsalLLM, rehearse } from './rehearsal-llm.ts'
import { seededRandom, skewedDelay } from './seeded-random.ts'

initializeLogger({ pretty: false, level: 'silent' })

const documentWith = (fields: unknown[], more: object = {}) =>
  AgentDocument.parse({ ...interviewAgent, schema_config: { fields }, ...more })

const bounds = (low: number, high: number) =>
  fc
    .record({ from: fc.integer({ min: low, max: high }), room: fc.integer({ min: 0, max: 40 }) })
    .map(({ from, room }) => [from, from + room] as const)

const textLimits = fc
  .option(bounds(0, 60), { nil: undefined })
  .map((found) => (found ? { min_length: found[0], max_length: found[1] } : {}))
const numberLimits = fc.oneof(
  fc.constant({}),
  bounds(-50, 50).map(([ge, le]) => ({ ge, le })),
  bounds(-50, 50).map(([gt, high]) => ({ gt, lt: high + 3 })),
  bounds(-5, 5).map(([low, high]) => ({ ge: low * 5, le: high * 5, multiple_of: 5 })),
)
const listLimits = fc
  .option(bounds(0, 6), { nil: undefined })
  .map((found) => (found ? { min_items: found[0], max_items: found[1] } : {}))
const NAMES = ['stage', 'summary', 'caller_name', 'credibility_score', 'is_done', 'consent', 'topics', 'amounts', 'mood', 'count']
const pattern = fc.constantFrom('^[A-Z]{2}-\\d{3}$', '^\\d{4}-\\d{2}$', '^(yes|no)$').map((source) => ({ pattern: source }))
const fieldKind = fc.oneof(
  fc.tuple(fc.constant('str'), fc.oneof(textLimits, pattern)),
  fc.tuple(fc.constantFrom('int', 'float'), numberLimits),
  fc.tuple(fc.constant('bool'), fc.constant({})),
  fc.tuple(fc.constantFrom("Literal['intro', 'middle', 'end']", "Literal['a']"), fc.constant({})),
  fc.tuple(fc.constantFrom('list[str]', 'list[int]'), listLimits),
)
const field = fc
  .tuple(fc.constantFrom(...NAMES, 'system_response', 'voice_instructions'), fieldKind, fc.boolean())
  .map(([field_name, [field_type, constraints], required]) => ({ field_name, field_type, constraints, required }))
const table = fc.uniqueArray(field, { minLength: 1, maxLength: 8, selector: ({ field_name }) => field_name })
const said = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom('', 'Bye, that is all.', 'I am 42 and my name is Ana Lee.', '[2.3 s of speech]', '日本語で話します 😀'),
)

test('whatever the table and the words, the output is valid and in the order of the table', () => {
  fc.assert(
    fc.property(table, said, fc.integer({ min: 0, max: 9 }), fc.integer(), (fields, words, turn, seed) => {
      const document = documentWith(fields)
      const before = parseJson(rehearse(document, { said: 'Before.', turn, before: {} }, seededRandom(seed + 1)))
      const output = parseJson(
        rehearse(document, { said: words, turn, before: isJsonObject(before) ? before : {} }, seededRandom(seed)),
      )
      if (!isJsonObject(output)) throw new Error('not an object')
      expect(validateOutput(document.schema_config.fields, output).problems).toEqual([])
      expect(Object.keys(output)).toEqual(fields.map(({ field_name }) => field_name))
    }),
    { numRuns: 1500 },
  )
})

const ask = async (document: AgentDocument, words: string, seed = 7) => {
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'user', content: words })
  const pace = { first_token_p50_ms: 0, first_token_p95_ms: 0, tokens_per_second: 5000 }
  const model = new RehearsalLLM({ document, seed, pace, model: 'test' })
  const { text, usage } = await model.chat({ chatCtx }).collect()
  return { output: Object(JSON.parse(text)), usage }
}

test('says what it is when asked, and takes up the words otherwise', async () => {
  const document = documentWith(interviewAgent.schema_config.fields)
  expect((await ask(document, 'Wait, are you a real person?')).output.system_response).toMatch(/rehearsal, not an AI/)
  const { output, usage } = await ask(document, 'I repaired bicycles in Lahore.')
  expect(output.system_response).toContain('I repaired bicycles in Lahore')
  expect(output.topics).toContain('repaired')
  expect(usage?.completionTokens).toBeGreaterThan(20)
})

test('a seed repeats a call; temperature 0 says the same whatever the seed', async () => {
  const warm = documentWith(interviewAgent.schema_config.fields)
  const cold = documentWith(interviewAgent.schema_config.fields, { llm_config: { provider: 'rehearsal', temperature: 0 } })
  expect(await ask(warm, 'Hello there.', 1)).toEqual(await ask(warm, 'Hello there.', 1))
  expect(await ask(cold, 'Hello there.', 1)).toEqual(await ask(cold, 'Hello there.', 2))
})

test('stages move on and never back', () => {
  const document = documentWith([{ field_name: 'stage', field_type: "Literal['one', 'two', 'three']" }])
  const stages: unknown[] = []
  let before = {}
  for (let turn = 0; turn < 8; turn++) {
    before = JSON.parse(rehearse(document, { said: 'More.', turn, before }, seededRandom(turn)))
    stages.push(Object(before).stage)
  }
  expect(stages).toEqual(['one', 'one', 'two', 'two', 'three', 'three', 'three', 'three'])
})

test('the pause before the first token has the median and the 95th percentile of its preset', () => {
  const random = seededRandom(3)
  const delays = Array.from({ length: 20_000 }, () => skewedDelay(random, 546, 1369)).toSorted((a, b) => a - b)
  expect(delays[10_000]! / 546).toBeCloseTo(1, 1)
  expect(delays[19_000]! / 1369).toBeCloseTo(1, 1)
})

test('stops at once when nobody listens', async () => {
  const document = documentWith(interviewAgent.schema_config.fields)
  const pace = { first_token_p50_ms: 3_600_000, first_token_p95_ms: 3_600_000, tokens_per_second: 1 }
  const stream = new RehearsalLLM({ document, seed: 1, pace, model: 'slow' }).chat({ chatCtx: llm.ChatContext.empty() })
  const all = stream.collect()
  stream.close()
  expect((await all).text).toBe('')
})

test('what the studio says in the caller’s place at a handover is not taken for the caller’s words', async () => {
  const document = documentWith([])
  const pace = { first_token_p50_ms: 0, first_token_p95_ms: 0, tokens_per_second: 100_000 }
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'user', content: TAKE_OVER_WORDS })
  let text = ''
  for await (const { delta } of new RehearsalLLM({ document, pace, seed: 1, model: 'rehearsal' }).chat({ chatCtx })) {
    text += delta?.content ?? ''
  }
  expect(text).toMatch(/^Let us go on\. /)
})
