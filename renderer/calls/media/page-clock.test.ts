import { expect, test } from 'vitest'
import { audibleAt, createPageClock } from './page-clock.ts'

test('the smallest round trip gives the offset and its uncertainty', () => {
  const clock = createPageClock()
  clock.learn({ sent: 1000, clock: 5060, now: 1100 })
  clock.learn({ sent: 2000, clock: 6003, now: 2004 })
  expect(clock.learn({ sent: 3000, clock: 7090, now: 3200 })).toEqual({ offset_ms: 4001, round_trip_ms: 4, uncertainty_ms: 2 })
})

test('old samples and those before a reconnect no longer count', () => {
  const clock = createPageClock()
  clock.learn({ sent: 0, clock: 100, now: 2 })
  expect(clock.learn({ sent: 200_000, clock: 200_150, now: 200_020 }).round_trip_ms).toBe(20)
  clock.forget()
  expect(clock.reading()).toBeUndefined()
})

test('audible is when the device plays it; without a device timestamp, when it should', () => {
  const moment = { sampleTime: 2, currentTime: 1.99, now: 5000, outputLatency: 0.03 }
  expect(audibleAt(moment)).toBeCloseTo(5040)
  expect(audibleAt({ ...moment, output: { contextTime: 1.95, at: 4995 } })).toBeCloseTo(5045)
  expect(audibleAt({ ...moment, output: { contextTime: 0.1, at: 100_000 } })).toBeCloseTo(5040)
})
