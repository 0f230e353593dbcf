import { describe, expect, test } from 'vitest'
import { AgentId } from '../contract/ids.ts'
import type { RouteDecision } from './decision.ts'
import { jobStep, readWorkerFilter, servesAgent } from './worker-filter.ts'

const all = readWorkerFilter({})
const some = readWorkerFilter({ AGENT_FILTER: ' Support, sales,', AGENT_TYPE: 'interview' })

test.each([
  ['support-agent-v1', 'custom', true],
  ['eu-SALES', 'custom', true],
  ['pte', 'Interview', true],
  ['pte-interview', 'custom', false],
  ['onboarding', 'support', false],
])('a filter takes %s of type %s: %j', (agent_id, agent_type, served) => {
  expect(servesAgent(some, { agent_id, agent_type })).toBe(served)
  expect(servesAgent(all, { agent_id, agent_type })).toBe(true)
})

describe('a job', () => {
  const decided = (id: string): RouteDecision => ({
    ...{ agent_id: AgentId.parse(id), rule: 'explicit', reason: 'Said.', rules: [], variables: {}, overrides: {}, refused: [] },
  })
  const unknown: RouteDecision = {
    ...{ reason: 'It depends.', variables: {}, overrides: {}, refused: [] },
    rules: [{ rule: 'explicit', result: 'unknown', reason: 'Nobody.' }],
  }
  const onboarding = { agent_id: 'onboarding', agent_type: 'custom' }
  const before = { filter: some, joined: false, job_metadata: '' }

  test('of an agent that is served is served', () => {
    const agent = { agent_id: 'sales', agent_type: 'custom' }
    expect(jobStep(decided('sales'), { ...before, agent })).toEqual({ do: 'serve', agent_id: 'sales' })
  })

  test('that is unknown is accepted; a miss that is known at once is declined', () => {
    expect(jobStep(unknown, before)).toEqual({ do: 'accept' })
    expect(jobStep(decided('onboarding'), { ...before, agent: onboarding })).toMatchObject({ do: 'decline' })
  })

  test('that turns out a miss in the room is dispatched again, once', () => {
    const joined = { filter: some, joined: true, job_metadata: '{"user_id":"7"}', agent: onboarding }
    const step = jobStep(decided('onboarding'), joined)
    expect(step).toMatchObject({ do: 'dispatch_again', agent_id: 'onboarding' })
    const metadata = step.do === 'dispatch_again' ? step.metadata : ''
    expect(JSON.parse(metadata)).toMatchObject({ user_id: '7', agent_id: 'onboarding' })
    expect(jobStep(decided('onboarding'), { ...joined, job_metadata: metadata })).toMatchObject({ do: 'end' })
  })

  test('that nobody answers ends with the words of the decision', () => {
    expect(jobStep({ ...unknown, rules: [], reason: 'No agent.' }, before)).toEqual({ do: 'end', reason: 'No agent.' })
  })
})
