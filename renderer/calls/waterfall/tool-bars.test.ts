import { expect, test } from 'vitest'
import type { ToolRunView } from '../../../core/session/tool-run.ts'
import { toolBars } from './tool-bars.ts'
import { turnWaterfall } from './turn-waterfall.ts'

const times = { t0: 1000, t1: 1000, t2: 1000, t3: 1800, t4: 1900, t5: 2000, t6: 2100 }
const run = (started_at_ms: number, done_at_ms: number): ToolRunView => ({
  call_id: String(started_at_ms),
  tool: 'look_up_order',
  kind: 'http',
  arguments: {},
  state: 'done',
  outcome: 'ok',
  started_at_ms,
  done_at_ms,
})

test('runs lie between the marks, and the sum of the parts stays what it was', () => {
  const waterfall = turnWaterfall(times, 'text')
  if (!waterfall) throw new Error('there are moments')
  const before = waterfall.total_ms
  expect(toolBars({ times, tools: [run(1200, 1520), run(2000, 2600)] }, waterfall)).toEqual([
    { call_id: '1200', tool: 'look_up_order', from_ms: 200, shown_ms: 320, ms: 320 },
    // What goes on after the first sound cost no silence.
    { call_id: '2000', tool: 'look_up_order', from_ms: 1000, shown_ms: 100, ms: 600 },
  ])
  expect(waterfall.parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(before)
})

test('one that runs reaches to the end; one that was lost is a mark', () => {
  const waterfall = turnWaterfall(times, 'text')
  if (!waterfall) throw new Error('there are moments')
  const { outcome: _, done_at_ms: __, ...open } = run(1200, 0)
  expect(toolBars({ times, tools: [{ ...open, state: 'running' }] }, waterfall)).toMatchObject([{ from_ms: 200, shown_ms: 900 }])
  expect(toolBars({ times, tools: [{ ...open, state: 'lost' }] }, waterfall)).toMatchObject([{ from_ms: 200, shown_ms: 0 }])
  expect(toolBars({ times }, waterfall)).toEqual([])
})
