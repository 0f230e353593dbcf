import { expect, test } from 'vitest'
import { agentOf, emptyRoom, linkWords, sortPeople, withLink, type RoomPerson } from './room-state.ts'
import { callerDraftOf } from './caller-draft-of.ts'
import { roomCards } from './room-cards.ts'

const person = (part: Partial<RoomPerson>): RoomPerson => ({
  identity: 'x',
  name: 'x',
  kind: 'standard',
  here: false,
  speaking: false,
  audible: false,
  quality: 'unknown',
  attributes: {},
  metadata: '',
  ...part,
})
const room = emptyRoom({ as: 'caller', connection_id: 'local', room_name: 'r', identity: 'caller', since: 1 })

test('this window comes first, then the agent, then the others by name', () => {
  const people = [
    person({ identity: 'z', name: 'Zoe' }),
    person({ identity: 'agent-1', kind: 'agent' }),
    person({ identity: 'b', name: 'Ben' }),
    person({ identity: 'me', here: true }),
  ]
  expect(sortPeople(people).map(({ identity }) => identity)).toEqual(['me', 'agent-1', 'b', 'z'])
  expect(agentOf(people, 'agent-2')?.identity).toBe('agent-1')
})

test('a break is told in words, with what happens next; the same news is no news', () => {
  const broken = withLink(room, 'reconnecting', 5)
  expect(linkWords(broken)?.text).toContain('20 seconds')
  expect(withLink(broken, 'reconnecting', 9)).toBe(broken)
  expect(roomCards(broken)).toMatchObject([{ tone: 'warn', actions: [] }])
  expect(roomCards(withLink(room, 'replaced', 5))).toMatchObject([{ tone: 'info', actions: ['take_sound'] }])
  expect(roomCards(withLink(room, 'connected', 5))).toEqual([])
})

test('the caller’s editor begins with what the room says of them', () => {
  const metadata = JSON.stringify({ user_id: 'u1', user_details: { level: 2 }, purpose: 'support' })
  const draft = callerDraftOf(person({ name: 'Ana', metadata, attributes: { plan: 'gold', 'lk.agent.state': 'listening' } }))
  expect(draft).toMatchObject({ user_name: 'Ana', user_id: 'u1', attributes: [{ key: 'plan', value: 'gold' }] })
  expect(JSON.parse(draft.user_details)).toEqual({ level: 2 })
  expect(JSON.parse(draft.metadata)).toEqual({ purpose: 'support' })
})
