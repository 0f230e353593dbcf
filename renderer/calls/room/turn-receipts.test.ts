import { expect, test } from 'vitest'
import { TurnLine } from '../../../core/room/turn-stream.ts'
import {
  goOnWithout,
  lineCame,
  NO_RECEIPTS,
  percentile,
  resumeFrom,
  streamBegan,
  streamEnded,
  waitingLines,
  type TurnReceipts,
} from './turn-receipts.ts'

const notice = { type: 'notice', text: '', level: 'info' }
const kept = (n: number, attempt = 1, more = {}) =>
  TurnLine.parse({ v: 1, attempt, n, event: { attempt, seq: n, at: 1, at_ms: n, ...notice }, ...more })
const delta = (n: number, d: number) =>
  TurnLine.parse({ v: 1, attempt: 1, n, d, event: { at_ms: n, type: 'transcript.interim', text: 'a' } })
const after = (lines: readonly TurnLine[], from = streamBegan(NO_RECEIPTS, 's', 't', false)) =>
  lines.reduce<TurnReceipts>((state, line) => lineCame(state, 's', line, 5).receipts, from)

test('lines in order are complete, with their delays', () => {
  const receipts = streamEnded(after([kept(1), delta(1, 1), kept(2)]), 's', 'closed')
  expect(receipts).toMatchObject({ streams: 1, broken: 0, kept: 2, deltas: 1, repeated: 0, delays: [5, 5, 5] })
  expect(waitingLines(receipts)).toBe(0)
  expect(receipts.recent).toEqual([{ key: 's', turn_id: 't', lines: 3, state: 'closed', resumed: false }])
})

test('what is missing is asked for from the last line before it, and what comes twice is left out', () => {
  const receipts = after([kept(1), kept(4)])
  expect(waitingLines(receipts)).toBe(1)
  expect(resumeFrom(receipts)).toEqual({ attempt: 1, n: 1 })
  const resumed = after([kept(2), kept(3), kept(4)], receipts)
  expect(resumed).toMatchObject({ repeated: 1, kept: 4 })
  expect(waitingLines(resumed)).toBe(0)
  expect(resumeFrom(resumed)).toEqual({ attempt: 1, n: 4 })
})

test('percentiles of what there is', () => {
  expect(percentile([], 0.5)).toBeUndefined()
  expect(percentile([3, 1, 2], 0.5)).toBe(2)
  expect(percentile([3, 1, 2], 0.95)).toBe(3)
})

test('who cannot ask goes on with the first line that came, and with what follows it', () => {
  const { receipts, told } = goOnWithout(after([kept(5), kept(6), delta(6, 1)]))
  expect(told.flatMap(({ events }) => [...events])).toHaveLength(3)
  expect(waitingLines(receipts)).toBe(0)
})
