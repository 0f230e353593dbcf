import { expect, test } from 'vitest'
import type { ProviderCheck } from '../../../core/contract/index.ts'
import { applyCheckEvent, noCheck, type CheckEvent } from './check-state.ts'

const check: ProviderCheck = { kind: 'llm', provider: 'acme', model: 'm', ok: true, at: 1, steps: [] }
const play = (...events: CheckEvent[]) => events.reduce(applyCheckEvent, noCheck)
const key = { step: 'key', ok: true, detail: 'accepted' } as const

test('steps come one by one, and the result is the last word on them', () => {
  const running = play({ type: 'started' }, { type: 'step', step: key }, { type: 'step', step: { ...key, detail: 'again' } })
  expect(running).toEqual({ phase: 'running', steps: [{ ...key, detail: 'again' }] })
  expect(applyCheckEvent(running, { type: 'finished', check: { ...check, steps: [key] }, sample_wav: 'UklG' })).toEqual({
    phase: 'done',
    steps: [key],
    check: { ...check, steps: [key] },
    sample_wav: 'UklG',
  })
})

test('what was dropped hears no late answer, and a failure keeps the steps before it', () => {
  const error = { code: 'provider_failed', message: 'No', hint: 'Try', problems: [] } as const
  expect(play({ type: 'started' }, { type: 'dropped' }, { type: 'step', step: key }, { type: 'finished', check })).toBe(noCheck)
  expect(
    play({ type: 'started' }, { type: 'step', step: key }, { type: 'failed', error: { ...error, problems: [] } }),
  ).toMatchObject({
    phase: 'done',
    steps: [key],
    error: { message: 'No' },
  })
})
