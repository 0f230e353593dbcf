import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AgentId } from '../contract/ids.ts'
import { decideRoute, SIGNED_SOURCES } from './decide-route.ts'
import { RouteDecision, ROUTE_RULES } from './decision.ts'
import { routableAgent, routeBook } from './route-book.ts'
import { RouteRequest } from './route-request.ts'
import { chooseArm } from './weighted-arm.ts'
import { jobStep, readWorkerFilter } from './worker-filter.ts'

const agents = ['a', 'b', 'c', 'd'].map((id, index) =>
  routableAgent(
    { agent_id: AgentId.parse(id), name: `Agent ${id}`, enabled: index !== 2, is_default: index === 3, agent_type: 'custom' },
    {
      ...(index < 3 && { purposes: ['support', `p${index}`] }),
      ...(index === 1 && { attributes: [{ key: 'tier' }, { key: 'constructor' }] }),
    },
  ),
)
const book = routeBook(agents)
const weights = { experiment: 'x', arms: agents.map(({ agent_id }, index) => ({ agent_id, weight: index })) }

/** Anything a stranger could send: real keys with any value, any JSON, broken JSON, any text. */
const KEYS = [
  ...['agent_id', 'agentName', 'purpose', 'user_id', 'tenant_id', 'user_details', 'overrides'],
  ...['tier', '__proto__', 'constructor', 'toString'],
]
const metadata = fc.oneof(
  fc
    .dictionary(fc.constantFrom(...KEYS), fc.oneof(fc.constantFrom('a', 'support', 'p1', true, 7), fc.jsonValue()))
    .map((value) => JSON.stringify(value)),
  fc.json(),
  fc.json().map((text) => text.slice(0, -1)),
  fc.string({ unit: 'binary' }),
)
const participant = fc.record({
  identity: fc.string(),
  metadata,
  attributes: fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), fc.string()),
})
const request = fc
  .record({
    dispatch_name: fc.oneof(fc.constantFrom('', 'a', 'Agent B', 'support'), fc.string()),
    job_metadata: metadata,
    room_name: fc.string(),
    room_metadata: metadata,
    participant: fc.option(participant, { nil: undefined }),
  })
  .map((value) => RouteRequest.parse(value))
const moment = fc.oneof(fc.integer(), fc.double())
const trusted = fc.subarray([...SIGNED_SOURCES, 'participant_metadata', 'participant_attributes'] as const)

test('any metadata gives a decision that is whole, in order, the same again, and of an agent that may answer', () => {
  fc.assert(
    fc.property(request, moment, trusted, (asked, now, sources) => {
      const options = { now, tenant_id: 'local', trusted: sources }
      const decision = decideRoute(asked, book, weights, options)
      expect(RouteDecision.parse(decision)).toEqual(decision)
      expect(decideRoute(asked, book, weights, options)).toEqual(decision)
      expect(decision.rules.map(({ rule }) => rule)).toEqual(ROUTE_RULES)
      const matched = decision.rules.findIndex(({ result }) => result === 'matched')
      expect(decision.agent_id).toBe(decision.rules[matched]?.agent_id)
      if (matched >= 0) {
        for (const { result } of decision.rules.slice(matched + 1)) expect(result).toBe('skipped')
        expect(book.byId.get(decision.agent_id ?? '')?.enabled).toBe(true)
      }
      const job = {
        filter: readWorkerFilter({ AGENT_FILTER: 'a' }),
        agent: agents[0],
        joined: true,
        job_metadata: asked.job_metadata,
      }
      expect(jobStep(decision, job).do).toBeTypeOf('string')
    }),
    { numRuns: 700 },
  )
})

test('what the caller can write never names the agent and never changes it', () => {
  fc.assert(
    fc.property(participant, moment, (person, now) => {
      const decision = decideRoute(RouteRequest.parse({ participant: person }), book, weights, { now })
      expect(decision.rule).not.toBe('explicit')
      expect(decision.overrides).toEqual({})
    }),
    { numRuns: 700 },
  )
})

test('metadata as deep and as wide as the contract takes is read in bounds', () => {
  const deep = `{"user_details":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  const wide = JSON.stringify({ overrides: Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`k${index}`, 1])) })
  const asked = RouteRequest.parse({ job_metadata: deep, room_metadata: wide, participant: { identity: 'x' } })
  const decision = decideRoute(asked, book, weights, { now: 0 })
  expect(decision.reason).toContain("no JSON object: the job's metadata")
  expect(decision.refused).toHaveLength(51)
})

describe('A/B weights', () => {
  const users = Array.from({ length: 10_000 }, (_, index) => `user-${index}`)
  const arms = (weights: Readonly<Record<string, number>>) =>
    Object.entries(weights).map(([agent_id, weight]) => ({ agent_id, weight }))
  const homes = (weights: Readonly<Record<string, number>>, experiment = 'x') =>
    users.map((user) => chooseArm(arms(weights), experiment, user)?.agent_id)
  const countOf = (list: readonly unknown[], id: string) => list.filter((one) => one === id).length

  test.each([
    [{ a: 1, b: 1 }],
    [{ a: 90, b: 10 }],
    [{ a: 99, b: 1 }],
    [{ a: 5, b: 3, c: 2 }],
    [{ a: 1, b: 0 }],
    [{ a: 0.001, b: 0.003 }],
  ])('%j: each gets its share of 10,000 users', (weights: Readonly<Record<string, number>>) => {
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
    const list = homes(weights)
    for (const [id, weight] of Object.entries(weights)) {
      const share = weight / total
      // Four standard deviations of a fair draw.
      const tolerance = 4 * Math.sqrt(users.length * share * (1 - share))
      expect(Math.abs(countOf(list, id) - share * users.length)).toBeLessThanOrEqual(tolerance)
    }
  })

  test('a weight that grows takes users from the others and moves nobody else', () => {
    const [before, after] = [homes({ a: 60, b: 30, c: 10 }), homes({ a: 60, b: 30, c: 20 })]
    const moved = users.flatMap((_, index) => (before[index] === after[index] ? [] : [after[index]]))
    expect(new Set(moved)).toEqual(new Set(['c']))
    // From 10 % to 20 of 110, and nothing more.
    expect(Math.abs(moved.length / users.length - (20 / 110 - 0.1))).toBeLessThan(0.015)
  })

  test('a weight that shrinks, an arm that goes, and the order of arms', () => {
    const before = homes({ a: 60, b: 30, c: 10 })
    for (const after of [homes({ a: 60, b: 30, c: 5 }), homes({ a: 60, b: 30 })])
      for (const index of users.keys()) if (before[index] !== 'c') expect(after[index]).toBe(before[index])
    expect(homes({ c: 10, b: 30, a: 60 })).toEqual(before)
    expect(homes({ a: 6, b: 3, c: 1 })).toEqual(before)
  })

  test('another experiment draws anew', () => {
    const [one, other] = [homes({ a: 1, b: 1 }), homes({ a: 1, b: 1 }, 'y')]
    const equal = users.filter((_, index) => one[index] === other[index]).length
    expect(Math.abs(equal / users.length - 0.5)).toBeLessThan(0.02)
  })
})
