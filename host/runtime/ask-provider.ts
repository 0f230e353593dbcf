import type { CheckStep } from '../../core/contract/providers.ts'
import type { ToRuntime } from '../../core/contract/runtime.ts'
import { askProcess } from './ask-process.ts'
import type { CheckMessage, ProcessGroup, SessionPool } from './session-pool.ts'

export type ProviderQuestion = Omit<Extract<ToRuntime, { type: 'check' }>, 'type' | 'check_id'>
export type ProviderAnswer = Pick<Extract<CheckMessage, { type: 'checked' }>, 'check' | 'sample_wav'>

/**
 * Has a provider asked for real in a session process, where the adapters are. Rejects with the reason of `signal`, and with `runtime_failed`
 * when the process fails; what the provider does wrong stands in the answer.
 */
export type AskProvider = (
  question: ProviderQuestion,
  options: Readonly<{ signal: AbortSignal; onStep: (step: CheckStep) => void; group?: ProcessGroup | undefined }>,
) => Promise<ProviderAnswer>

/** Models may have to be loaded, and each request has its own patience within. */
const WITHIN_MS = 180_000

export const createAskProvider =
  (pool: Pick<SessionPool, 'acquireCheck'>, within_ms = WITHIN_MS): AskProvider =>
  (question, { signal, onStep, group }) =>
    askProcess<ProviderAnswer>(pool, {
      name: 'check',
      message: (check_id) => ({ type: 'check', check_id, ...question }),
      read: (message) => {
        if (message.type === 'check.step') onStep(message.step)
        if (message.type !== 'checked') return undefined
        const { check, sample_wav } = message
        return { check, ...(sample_wav !== undefined && { sample_wav }) }
      },
      signal,
      within_ms,
      group,
    })
