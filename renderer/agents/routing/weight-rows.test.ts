import { expect, test } from 'vitest'
import { AgentId } from '../../../core/contract/index.ts'
import { armShares, draftOfWeights, isSameWeights, latestWeights, readWeights, stopOf } from './weight-rows.ts'

const arm = (id: string, weight: number) => ({ agent_id: AgentId.parse(id), weight })

test('shares are of those who can answer', () => {
  const arms = [arm('a', 3), arm('b', 1), arm('gone', 4)]
  expect(armShares(arms, (id) => id !== 'gone')).toEqual([
    { agent_id: 'a', share: 0.75, answers: true },
    { agent_id: 'b', share: 0.25, answers: true },
    { agent_id: 'gone', share: 0, answers: false },
  ])
  expect(armShares([arm('a', 0)], () => true)).toEqual([{ agent_id: 'a', share: 0, answers: true }])
})

test('bounds are kept when weights are set, and what is no bound is not set', () => {
  const bounds = { max_error_rate: 0.07, max_silence_p95_ms: 1500, min_sessions: 20 }
  const saved = { experiment: 'tone', arms: [arm('a', 3)], bounds, changed_at: 5, stopped: [] }
  const draft = draftOfWeights(saved)
  expect(readWeights({ ...draft, experiment: ' ', arms: [arm('a', 4)] })).toEqual({
    experiment: 'default',
    arms: [arm('a', 4)],
    bounds,
  })
  expect(readWeights({ ...draft, bounds: { errors: '', silence: '', calls: 20 } })).toBeUndefined()
  const { bounds: _, ...unbound } = draft
  expect(readWeights(unbound)).toEqual({ experiment: 'tone', arms: [arm('a', 3)] })
  expect(isSameWeights(draft, draftOfWeights({ ...saved, changed_at: 6 }))).toBe(true)
  expect(isSameWeights(draft, unbound)).toBe(false)
})

test('what was answered counts until it is read, and a stop is told with it', () => {
  const stop = { ...arm('a', 3), reason: 'slow', at: 5 }
  const set = { experiment: 'x', arms: [arm('A', 0)], changed_at: 4 }
  const read = { ...set, stopped: [stop] }
  expect(latestWeights(read, undefined)).toBe(read)
  expect(latestWeights(read, set)).toBe(read)
  expect(latestWeights({ ...read, changed_at: 3 }, set)).toBe(set)
  expect(stopOf(read, 'A')).toEqual(stop)
  expect(stopOf(read, 'b')).toBeUndefined()
})
