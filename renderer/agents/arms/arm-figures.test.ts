import { expect, test } from 'vitest'
import { measuredOf, type Arm } from './arm-figures.ts'

const arm = (key: string, stats: Arm['stats']): Arm => ({ key, name: key, stats })
const old = arm('1.0.0', { sessions: 90, turns: 300, error_rate: 0.1, silence_p50_ms: 400, silence_p95_ms: 1000 })
const fresh = arm('1.1.0', { sessions: 10, turns: 30, error_rate: 0.4, silence_p50_ms: 500, silence_p95_ms: 1600 })

test('arms are on one scale, with the bound on it', () => {
  const measured = measuredOf([old, fresh], { error_rate: 0.2, silence_p95_ms: 2000 })
  expect(measured(old, 'error_rate')).toEqual({ value: 0.1, at: 0.25, bound: 0.5, past: false })
  expect(measured(fresh, 'error_rate')).toEqual({ value: 0.4, at: 1, bound: 0.5, past: true })
  expect(measured(old, 'silence_p50_ms')).toEqual({ value: 400, at: 0.2, past: false })
  expect(measured(fresh, 'silence_p95_ms')).toEqual({ value: 1600, at: 0.8, bound: 1, past: false })
})

test('nothing is measured of an arm without calls, or without a heard answer', () => {
  const none = arm('1.2.0', { sessions: 0, turns: 0, error_rate: 0 })
  const mute = arm('1.3.0', { sessions: 1, turns: 0, error_rate: 0 })
  const measured = measuredOf([none, mute])
  expect(measured(none, 'error_rate')).toBeUndefined()
  expect(measured(arm('gone', undefined), 'error_rate')).toBeUndefined()
  expect(measured(mute, 'silence_p95_ms')).toBeUndefined()
  expect(measured(mute, 'error_rate')).toEqual({ value: 0, at: 0, past: false })
})
