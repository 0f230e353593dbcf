import { expect, test } from 'vitest'
import { AgentId } from '../contract/ids.ts'
import type { ArmStats } from '../contract/releases.ts'
import type { RouteWeights } from '../contract/routing.ts'
import { chooseArm } from './weighted-arm.ts'
import { setWeights, weightsVerdict, withoutArm } from './weights-verdict.ts'

const arm = (id: string, weight: number) => ({ agent_id: AgentId.parse(id), weight })
const figures = (version: string, sessions: number, error_rate: number, silence_p95_ms?: number): ArmStats => ({
  ...{ version, sessions, turns: sessions, error_rate },
  ...(silence_p95_ms !== undefined && { silence_p95_ms }),
})
const bounds = { max_error_rate: 0.3, max_silence_p95_ms: 2000, min_sessions: 4 }
const weights: RouteWeights = { experiment: 'x', arms: [arm('Ada', 9), arm('bob', 1), arm('cy', 0)], bounds, changed_at: 5 }

test('an arm with weight is judged once it has answered enough calls: past a bound, or within all of them', () => {
  const verdict = (...stats: ArmStats[]) => weightsVerdict(weights, stats)
  expect(verdict()).toEqual({ bad: [], good: [] })
  expect(verdict(figures('ada', 4, 0.5), figures('bob', 3, 1), figures('cy', 9, 1))).toEqual({
    bad: [{ ...arm('Ada', 9), reason: '2 of 4 sessions of Ada had an error (50%); the bound is 30%.' }],
    good: [],
  })
  expect(verdict(figures('ada', 4, 0.3, 2000), figures('bob', 4, 0, 2001))).toEqual({
    bad: [
      {
        ...arm('bob', 1),
        reason: 'The silence before answers of bob is 2,001 ms at p95 over 4 sessions; the bound is 2,000 ms.',
      },
    ],
    good: ['Ada'],
  })
  const { bounds: _, ...unbound } = weights
  expect(weightsVerdict(unbound, [figures('ada', 9, 1)])).toEqual({ bad: [], good: [] })
})

test('the callers of an arm that stops get the others, and nobody else moves', () => {
  const all = [arm('ada', 5), arm('bob', 3), arm('cy', 2)]
  const after = withoutArm({ ...weights, arms: all }, { ...arm('BOB', 3), reason: 'slow' }, 7)
  expect(after).toMatchObject({ changed_at: 5, stopped: [{ agent_id: 'BOB', weight: 3, reason: 'slow', at: 7 }] })
  for (let caller = 0; caller < 300; caller += 1) {
    const [before, now] = [all, after.arms].map((arms) => chooseArm(arms, 'x', `user ${caller}`)?.agent_id)
    if (before === 'bob') expect(now).not.toBe('bob')
    else expect(now).toBe(before)
  }
  expect(withoutArm(after, { ...arm('bob', 1), reason: 'errors' }, 8).stopped).toHaveLength(1)
})

test('what somebody sets is of now, and tells of arms that stopped while they get no weight again', () => {
  const stopped = withoutArm(weights, { ...arm('bob', 1), reason: 'slow' }, 7)
  const set = { experiment: 'x', arms: [arm('ada', 1), arm('BOB', 0)] }
  expect(setWeights(set, stopped, 9)).toEqual({ ...set, changed_at: 9, stopped: stopped.stopped })
  const again = { ...set, arms: [arm('ada', 1), arm('bob', 1)], bounds }
  expect(setWeights(again, stopped, 9)).toEqual({ ...again, changed_at: 9 })
  expect(setWeights({ ...set, experiment: 'y' }, stopped, 9)).not.toHaveProperty('stopped')
  expect(setWeights(set, stopped, 5).changed_at).toBe(6)
  expect(setWeights(set, undefined, 9)).toEqual({ ...set, changed_at: 9 })
})
