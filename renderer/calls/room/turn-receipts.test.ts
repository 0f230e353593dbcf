import { expect, test } from 'vitest'
import { TurnLine } from '../../../core/room/turn-stream.ts'
import { lineCame, NO_RECEIPTS, percentile, resumeFrom, streamBegan, streamEnded, type TurnReceipts } from './turn-receipts.ts'

const kept = (n: number, attempt = 1) =>
  TurnLine.parse({ v: 1, attempt, n, event: { attempt, seq: n, at: 1, at_ms: n, type: 'notice', text: '', level: 'info' } })
const delta = (n: number) => TurnLine.parse({ v: 1, attempt: 1, n, event: { at_ms: n, type: 'transcript.interim', text: 'a' } })
const after = (...lines: readonly TurnLine[]) =>
  lines.reduce<TurnReceipts>((state, line) => lineCame(state, 's', line, 5), streamBegan(NO_RECEIPTS, 's', 't', false))

test('lines in order are complete, with their delays', () => {
  const receipts = streamEnded(after(kept(1), delta(1), kept(2)), 's', 'closed')
  expect(receipts).toMatchObject({ streams: 1, broken: 0, kept: 2, deltas: 1, missing: [], repeated: 0, delays: [5, 5, 5] })
  expect(receipts.recent).toEqual([{ key: 's', turn_id: 't', lines: 3, state: 'closed', resumed: false }])
})

test('what is missing is asked for from the last line before it, and what comes twice is left out', () => {
  const receipts = after(kept(1), kept(4))
  expect(receipts.missing).toEqual([2, 3])
  expect(resumeFrom(receipts)).toEqual({ attempt: 1, n: 1 })
  const resumed = [kept(2), kept(3), kept(4)].reduce((state, line) => lineCame(state, 's', line, undefined), receipts)
  expect(resumed).toMatchObject({ missing: [], repeated: 1, kept: 4 })
  expect(resumeFrom(resumed)).toEqual({ attempt: 1, n: 4 })
})

test('the successor of an agent that died counts from one again', () => {
  expect(after(kept(1), kept(2), kept(1, 2))).toMatchObject({ attempt: 2, n: 1, missing: [], repeated: 0 })
  expect(after(kept(1, 2), kept(2, 1))).toMatchObject({ attempt: 2, n: 1, repeated: 1 })
})

test('percentiles of what there is', () => {
  expect(percentile([], 0.5)).toBeUndefined()
  expect(percentile([3, 1, 2], 0.5)).toBe(2)
  expect(percentile([3, 1, 2], 0.95)).toBe(3)
})
