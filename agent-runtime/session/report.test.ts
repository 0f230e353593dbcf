import { expect, test } from 'vitest'
import { TurnId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import { v7 } from 'uuid'
import { createReport } from './report.ts'

test('streamed text is put together, in order with what stands between it', () => {
  const sent: SessionEvent[] = []
  const report = createReport(1, (events) => sent.push(...events))
  const turn_id = TurnId.parse(v7())
  for (const text of ['{"a"', ':"x']) report.delta({ type: 'raw.delta', turn_id, text })
  report.delta({ type: 'field.started', turn_id, field: 'a' })
  for (const text of ['x', 'y']) {
    report.delta({ type: 'raw.delta', turn_id, text })
    report.delta({ type: 'field.delta', turn_id, field: 'a', text })
  }
  report.journal({ type: 'field.done', turn_id, field: 'a', value: 'xy', problems: [] })
  report.delta({ type: 'field.delta', turn_id, field: 'b', text: 'z' })
  report.flush()
  expect(sent.map((event) => ('text' in event ? `${event.type} ${event.text}` : event.type))).toEqual([
    'raw.delta {"a":"x',
    'field.started',
    'raw.delta xy',
    'field.delta xy',
    'field.done',
    'field.delta z',
  ])
})
