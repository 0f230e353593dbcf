import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { AgentId, SessionId, type SessionSummary } from '../../../core/contract/index.ts'
import { NO_CALLS, neighbourOf, withChanged, withoutCall, withPage } from './call-list-state.ts'

const call = (preview: string): SessionSummary => ({
  session_id: SessionId.parse(v7()),
  kind: 'direct',
  modality: 'text',
  agent_id: AgentId.parse('ada'),
  agent_name: 'Ada',
  revision: 1,
  state: 'ended',
  attempt: 1,
  started_at: 1,
  turn_count: 1,
  preview,
})
const [first, second, third] = [call('first'), call('second'), call('third')]

test('pages follow each other without repeating a call', () => {
  const state = withPage(withPage(NO_CALLS, { sessions: [first, second], count: 3, next_cursor: 'x' }), {
    sessions: [second, third],
    count: 3,
  })
  expect(state).toEqual({ sessions: [first, second, third], count: 3, next_cursor: undefined })
})

test('a shown call changes in its place; a new one goes first; one whose place is not known asks for a reload', () => {
  const state = withPage(NO_CALLS, { sessions: [first, second], count: 2 })
  expect(withChanged(state, { ...second, turn_count: 9 }, true)?.sessions[1]?.turn_count).toBe(9)
  expect(withChanged(state, { ...third, started_at: 2 }, false)).toMatchObject({
    sessions: [{ preview: 'third' }, first, second],
    count: 3,
  })
  expect(withChanged(state, { ...third, started_at: 2 }, true)).toBeUndefined()
  expect(withChanged(state, { ...third, started_at: 0 }, false)).toBeUndefined()
})

test('a deleted call goes, and its neighbour is next', () => {
  const state = withPage(NO_CALLS, { sessions: [first, second, third], count: 3 })
  expect(neighbourOf(state, second.session_id)).toBe(third)
  expect(neighbourOf(state, third.session_id)).toBe(second)
  expect(withoutCall(state, second.session_id)).toMatchObject({ sessions: [first, third], count: 2 })
  expect(withoutCall(state, call('gone').session_id)).toEqual(state)
})
