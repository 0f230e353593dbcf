import { expect, test } from 'vitest'
import type { ToolRunView } from '../../../core/session/tool-run.ts'
import { runLine, runMs, runState } from './run-words.ts'

const run = (more: Partial<ToolRunView> = {}): ToolRunView => ({
  call_id: 'c1',
  tool: 'look_up_order',
  kind: 'http',
  arguments: { order_id: '4711' },
  state: 'done',
  outcome: 'ok',
  status: 200,
  started_at_ms: 1000,
  done_at_ms: 1320,
  ...more,
})
const { outcome: _, status: __, done_at_ms: ___, ...open } = run({ state: 'running' })

test('a run is one line of the conversation', () => {
  expect(runLine(run())).toBe('look up order 4711 · 320 ms')
  expect(runLine(open)).toBe('look up order 4711 · running')
  expect(runLine(run({ outcome: 'failed', status: 404 }))).toBe('look up order 4711 · failed · 404 · 320 ms')
  expect(runLine(run({ outcome: 'mocked' }))).toBe('look up order 4711 · mock · 320 ms')
  expect(runLine(run({ tool: 'end_call', arguments: {} }))).toBe('end call · 320 ms')
  expect(runLine(run({ arguments: { ids: [1, 2], note: null, all: true, more: {} } }))).toBe(
    'look up order 1, 2, true, {…} · 320 ms',
  )
  expect(runLine(run({ arguments: { text: 'a'.repeat(100) } })).length).toBeLessThan(100)
})

test('what a crash took is explained, and has no duration: the clock of the next process is another one', () => {
  const unknown = run({ outcome: 'unknown', done_at_ms: 1320 })
  expect(runMs(unknown)).toBeUndefined()
  expect(runState(unknown)).toMatchObject({
    label: 'outcome unknown',
    tone: 'warn',
    meaning: expect.stringMatching(/not repeated/),
  })
  expect(runMs(run({ done_at_ms: 20 }))).toBeUndefined()
  expect(runState({ ...open, state: 'lost' })).toMatchObject({ label: 'lost', tone: 'warn' })
})
