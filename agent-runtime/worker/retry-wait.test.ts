import { expect, test } from 'vitest'
import { retryWait } from './retry-wait.ts'

const waits = (state: 'lost' | 'failed') => Array.from({ length: 2000 }, (_, tries) => retryWait(tries, state))

test('a server that restarts is tried within the first second a few times, and one that stays away every ten seconds at most', () => {
  const [first = 0, second = 0, third = 0] = waits('lost')
  expect(first + second + third).toBeLessThan(1200)
  expect(Math.max(...waits('lost'))).toBeLessThanOrEqual(10_000)
  expect(Math.min(...waits('lost').slice(7))).toBeGreaterThanOrEqual(7000)
})

test('many workers do not come back at the same moment', () => {
  expect(new Set(waits('lost').slice(7)).size).toBeGreaterThan(500)
})

test('a refusal is tried again seldom, and for ever', () => {
  expect(Math.min(...waits('failed'))).toBeGreaterThanOrEqual(20_000)
  expect(Math.max(...waits('failed'))).toBeLessThan(40_000)
})
