import { expect, test } from 'vitest'
import { AgentSummary } from '../../core/contract/index.ts'
import { agentsByName, applyAgentEvent, emptyAgentState, searchAgents } from './agent-state.ts'

const agent = (agent_id: string, name: string, more: Partial<AgentSummary> = {}): AgentSummary =>
  AgentSummary.parse({
    id: agent_id,
    agent_id,
    name,
    description: '',
    agent_type: 'custom',
    tags: [],
    revision: 1,
    unpublished: true,
    unsaved: false,
    field_count: 2,
    enabled: true,
    is_default: false,
    labels: {},
    created_at: 1,
    updated_at: 1,
    ...more,
  })

const page = (agents: AgentSummary[], first = true, last = true) => ({ type: 'agents.page', agents, first, last }) as const

test('a snapshot arrives page by page, and a second snapshot replaces the first', () => {
  const one = applyAgentEvent(emptyAgentState, page([agent('b', 'B')], true, false))
  expect(one.status).toBe('partial')
  const two = applyAgentEvent(one, page([agent('a', 'A')], false, true))
  expect(agentsByName(two).map(({ agent_id }) => agent_id)).toEqual(['a', 'b'])
  expect(two.status).toBe('complete')
  expect(Object.keys(applyAgentEvent(two, page([agent('c', 'C')])).byId)).toEqual(['c'])
})

test('there is one default: the one before is told of by the new one alone', () => {
  const before = applyAgentEvent(emptyAgentState, page([agent('a', 'Ada', { is_default: true }), agent('b', 'Bob')]))
  const after = applyAgentEvent(before, { type: 'agent.changed', agent: agent('b', 'Bob', { is_default: true }) })
  expect(agentsByName(after).map(({ is_default }) => is_default)).toEqual([false, true])
})

test('changes and deletions of other windows arrive', () => {
  const before = applyAgentEvent(emptyAgentState, page([agent('a', 'Ada'), agent('b', 'Bob')]))
  const renamed = applyAgentEvent(before, { type: 'agent.changed', agent: agent('a', 'Zoe', { revision: 2 }) })
  expect(agentsByName(renamed).map(({ name }) => name)).toEqual(['Bob', 'Zoe'])
  const gone = applyAgentEvent(renamed, { type: 'agent.deleted', agent_id: agent('b', 'Bob').agent_id })
  expect(Object.keys(gone.byId)).toEqual(['a'])
})

test('names sort as people count', () => {
  const state = applyAgentEvent(emptyAgentState, page([agent('x10', 'Agent 10'), agent('x2', 'agent 2')]))
  expect(agentsByName(state).map(({ name }) => name)).toEqual(['agent 2', 'Agent 10'])
})

test('search wants every word, anywhere', () => {
  const agents = [agent('pte-v1', 'PTE interview', { tags: ['visa'] }), agent('sales', 'Sales', { description: 'Sells visas' })]
  expect(searchAgents(agents, 'VISA').length).toBe(2)
  expect(searchAgents(agents, 'visa pte').map(({ agent_id }) => agent_id)).toEqual(['pte-v1'])
  expect(searchAgents(agents, '  ')).toBe(agents)
})
