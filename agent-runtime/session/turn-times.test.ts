import { expect, test } from 'vitest'
import type { TurnTimes } from '../../core/contract/session-events.ts'
import { seededRandom } from '../providers/rehearsal/seeded-random.ts'
import { placeMoment, type Mark } from './turn-times.ts'

const MARKS: readonly Mark[] = ['t0', 't1', 't2', 't3', 't4', 't5', 't6']

test('moments in any order and from any clock give times in order; none is lost, and what was moved is named', () => {
  const random = seededRandom(7)
  for (let round = 0; round < 2000; round++) {
    const given = MARKS.filter(() => random() < 0.8).map((mark) => ({ mark, at: random() * 1000, place: random() }))
    let times: TurnTimes = {}
    for (const { mark, at } of given.toSorted((a, b) => a.place - b.place)) times = { ...times, ...placeMoment(times, mark, at) }
    const kept = MARKS.flatMap((mark) => times[mark] ?? [])
    expect(kept).toHaveLength(given.length)
    expect(kept).toEqual(kept.toSorted((a, b) => a - b))
    const moved = given.filter(({ mark, at }) => times[mark] !== at).map(({ mark }) => mark)
    expect((times.clamped ?? []).toSorted()).toEqual(moved.toSorted())
  }
})
