import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../core/contract/index.ts'
import { eventSummary, filterEvents } from './event-summary.ts'

const at = (seq: number) => ({ attempt: 1, seq, at: 1, at_ms: seq * 10 })
const events: readonly JournalEvent[] = [
  { ...at(1), type: 'agent.state', state: 'listening' },
  { ...at(2), type: 'eot.prediction', probability: 0.2, threshold: 0.36, inference_ms: 20 },
  {
    ...at(3),
    type: 'session.error',
    source: 'llm',
    recoverable: true,
    error: { code: 'provider_failed', message: '429', hint: '', problems: [] },
  },
  { ...at(4), type: 'notice', text: 'Hello there', level: 'info' },
]

test('groups and words narrow the list; no group is every group', () => {
  expect(filterEvents(events, new Set(), '')).toHaveLength(4)
  expect(filterEvents(events, new Set(['problems']), '').map(({ type }) => type)).toEqual(['session.error', 'notice'])
  expect(filterEvents(events, new Set(['problems']), 'hello').map(({ type }) => type)).toEqual(['notice'])
  expect(filterEvents(events, new Set(), 'eot').map(({ type }) => type)).toEqual(['eot.prediction'])
})

test('an end-of-turn prediction says what followed from it', () => {
  expect(events.map((event) => eventSummary(event).text)[1]).toBe('end of turn 20 % against 36 %: not over yet, so it waits')
})
