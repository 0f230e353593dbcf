import { expect, test } from 'vitest'
import type { ModelProgress } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/studio-error.ts'
import { applyModelJobEvent, type ModelJobEvent, type ModelJobsState } from './model-jobs.ts'

const at = (id: string, phase: ModelProgress['phase'] = 'downloading'): ModelProgress => ({
  id,
  phase,
  item: 'a file',
  done_bytes: 1,
  total_bytes: 2,
})
const after = (...events: readonly ModelJobEvent[]) => events.reduce<ModelJobsState>(applyModelJobEvent, {})

test('what another window fetches is shown until it is done or has ended in any other way', () => {
  const begun = after({ type: 'job.progress', job_id: 'j', progress: at('starter') })
  expect(begun).toEqual({ starter: { progress: at('starter'), job_id: 'j' } })
  expect(applyModelJobEvent(begun, { type: 'job.progress', job_id: 'j', progress: at('starter', 'done') })).toEqual({})
  expect(applyModelJobEvent(begun, { type: 'job.ended', job_id: 'j' })).toEqual({})
  expect(applyModelJobEvent(begun, { type: 'job.ended', job_id: 'another' })).toBe(begun)
})

test('a failure stays until it is tried again or put away, and outlives the end of its job and of the host', () => {
  const error = new StudioError('unavailable', 'No room', 'Free some.')
  const failed = after({ type: 'asked', id: 'm', phase: 'measuring' }, { type: 'settled', id: 'm', error })
  expect(failed).toEqual({ m: { error } })
  expect(applyModelJobEvent(failed, { type: 'job.ended', job_id: 'j' })).toBe(failed)
  expect(applyModelJobEvent(failed, { type: 'hello', host_id: 'h' })).toEqual(failed)
  expect(applyModelJobEvent(failed, { type: 'asked', id: 'm', phase: 'downloading' })['m']?.error).toBeUndefined()
  expect(applyModelJobEvent(failed, { type: 'settled', id: 'm' })).toEqual({})
})

test('the host that comes back has forgotten what it was doing; checks of providers are no models', () => {
  const begun = after({ type: 'asked', id: 'm', phase: 'downloading' })
  expect(applyModelJobEvent(begun, { type: 'hello', host_id: 'h' })).toEqual({})
  const check: ModelJobEvent = { type: 'job.progress', job_id: 'c', progress: { step: 'key', ok: true, detail: '' } }
  expect(applyModelJobEvent(begun, check)).toBe(begun)
})
