import type { ErrorBody } from '../../../core/contract/errors.ts'
import type { CheckStep, ProviderCheck } from '../../../core/contract/index.ts'

/** A check that was begun in this window: its steps as they end, then its result. */
export type CheckState = Readonly<{
  phase: 'idle' | 'running' | 'done'
  steps: readonly CheckStep[]
  check?: ProviderCheck
  /** What was said or heard, as base64 of a WAV. */
  sample_wav?: string
  /** Why it could not be begun or finished at all. */
  error?: ErrorBody
}>

export type CheckEvent =
  | Readonly<{ type: 'started' }>
  | Readonly<{ type: 'step'; step: CheckStep }>
  | Readonly<{ type: 'finished'; check: ProviderCheck; sample_wav?: string | undefined }>
  | Readonly<{ type: 'failed'; error: ErrorBody }>
  /** By the person, or because another provider was chosen. */
  | Readonly<{ type: 'dropped' }>

export const noCheck: CheckState = { phase: 'idle', steps: [] }

export function applyCheckEvent(state: CheckState, event: CheckEvent): CheckState {
  switch (event.type) {
    case 'started':
      return { phase: 'running', steps: [] }
    case 'step': {
      if (state.phase !== 'running') return state
      const others = state.steps.filter(({ step }) => step !== event.step.step)
      return { ...state, steps: [...others, event.step] }
    }
    case 'finished': {
      if (state.phase !== 'running') return state
      const { check, sample_wav } = event
      return { phase: 'done', steps: check.steps, check, ...(sample_wav === undefined ? {} : { sample_wav }) }
    }
    case 'failed':
      return state.phase === 'running' ? { phase: 'done', steps: state.steps, error: event.error } : state
    case 'dropped':
      return noCheck
  }
}
