import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { AgentId, TurnId, type JournalBody, type JournalEvent } from '../../../core/contract/index.ts'
import { turnAgents } from './turn-agents.ts'

const ada = AgentId.parse('ada')
const ben = AgentId.parse('ben')
const [first, second] = [TurnId.parse(v7()), TurnId.parse(v7())]
const journal = (...bodies: readonly JournalBody[]): readonly JournalEvent[] =>
  bodies.map((body, index) => ({ attempt: 1, seq: index + 1, at: 1, at_ms: index, ...body }))
const turn = (turn_id: TurnId, revision: number): JournalBody => ({
  type: 'turn.started',
  turn_id,
  index: 0,
  source: 'text',
  revision,
})
const started: JournalBody = {
  type: 'session.started',
  agent_id: ada,
  revision: 3,
  modality: 'text',
  providers: { stt: '', llm: '', tts: '' },
}

test('a turn belongs to the agent that was there when it began', () => {
  const { byTurn, switches } = turnAgents(
    journal(
      started,
      turn(first, 3),
      { type: 'config.changed', agent_id: ada, revision: 4 },
      { type: 'config.changed', agent_id: ben, revision: 3, history: 'clear' },
      turn(second, 3),
    ),
  )
  expect([...byTurn]).toEqual([
    [first, 'ada'],
    [second, 'ben'],
  ])
  expect(switches).toEqual([{ key: 'switch-1.4', agent_id: 'ben', revision: 3, history: 'clear', before: second }])
})

test('a change of the same agent is no switch', () => {
  expect(turnAgents(journal(started, { type: 'config.changed', agent_id: ada, revision: 4 })).switches).toEqual([])
})
