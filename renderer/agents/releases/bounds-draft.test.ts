import { expect, test } from 'vitest'
import { draftOf, readBounds } from './bounds-draft.ts'

test('bounds are typed in percent and read back as they were', () => {
  const bounds = { max_error_rate: 0.07, max_silence_p95_ms: 1500, min_sessions: 20 }
  expect(draftOf(bounds)).toEqual({ errors: 7, silence: 1500, calls: 20 })
  expect(readBounds(draftOf(bounds))).toEqual(bounds)
  expect(readBounds({ errors: 20, silence: '', calls: 1 })).toEqual({ max_error_rate: 0.2, min_sessions: 1 })
})

test('what is no bound is not read', () => {
  const good = { errors: 20, silence: '', calls: 20 }
  for (const bad of [{ errors: '' }, { errors: 101 }, { silence: 50 }, { silence: 'soon' }, { calls: 0 }, { calls: '' }])
    expect(readBounds({ ...good, ...bad })).toBeUndefined()
})
