import { expect, test } from 'vitest'
import { isDeeperThan, type Json } from './json.ts'

const nested = (levels: number, inside: Json): Json => (levels === 0 ? inside : { a: [nested(levels - 1, inside)] })

test('depth is counted in objects and lists, in any branch', () => {
  expect([isDeeperThan(1, 0), isDeeperThan(null, 0), isDeeperThan({}, 0), isDeeperThan({}, 1)]).toEqual([
    false,
    false,
    true,
    false,
  ])
  expect([isDeeperThan(nested(30, 'x'), 60), isDeeperThan([1, 2, nested(30, 'x')], 60)]).toEqual([false, true])
  expect(isDeeperThan(JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), 60)).toBe(true)
})
