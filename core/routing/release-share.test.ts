import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInShare } from './release-share.ts'

const callers = Array.from({ length: 10_000 }, (_, index) => `user-${index}`)
const inShare = (release_id: string, share: number) =>
  new Set(callers.filter((caller) => isInShare({ release_id, share }, caller)))

test('a share that grows only adds callers, and is what it says', () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (release_id, a, b) => {
        const [less, more] = [inShare(release_id, Math.min(a, b)), inShare(release_id, Math.max(a, b))]
        expect([...less].every((caller) => more.has(caller))).toBe(true)
        // Five standard deviations of 10,000 coins.
        expect(Math.abs(more.size / callers.length - Math.max(a, b))).toBeLessThan(0.025)
      },
    ),
    { numRuns: 12 },
  )
})

test('everybody and nobody, and other callers first in another release', () => {
  expect(inShare('r', 1).size).toBe(callers.length)
  expect(inShare('r', 0).size).toBe(0)
  const [one, other] = [inShare('r1', 0.1), inShare('r2', 0.1)]
  expect([...one].filter((caller) => other.has(caller)).length / one.size).toBeLessThan(0.2)
})
