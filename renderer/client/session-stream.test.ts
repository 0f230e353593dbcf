import { expect, test } from 'vitest'
import type { SessionEvent } from '../../core/contract/index.ts'
import { backOff } from './reconnecting-socket.ts'
import { positionAfter } from './session-stream.ts'

const journal = (attempt: number, seq: number): SessionEvent => ({
  attempt,
  seq,
  at: 1,
  at_ms: 1,
  type: 'notice',
  text: '',
  level: 'info',
})
const delta: SessionEvent = { at_ms: 1, type: 'transcript.interim', text: 'hello' }

test('a reader goes on after the last journal event, whatever deltas follow it', () => {
  expect(positionAfter({ attempt: 1, seq: 3 }, [journal(1, 4), journal(2, 1), delta])).toEqual({ attempt: 2, seq: 1 })
  expect(positionAfter({ attempt: 1, seq: 3 }, [delta])).toEqual({ attempt: 1, seq: 3 })
})

test('attempts to reconnect slow down to a limit', () => {
  const delays = [0, 1, 2, 8, 50].map((failures) => backOff(failures, 0.5))
  expect(delays).toEqual([200, 400, 800, 5000, 5000])
})
