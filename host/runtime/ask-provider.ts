import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { CheckStep } from '../../core/contract/providers.ts'
import type { ToRuntime } from '../../core/contract/runtime.ts'
import { deferred } from './deferred.ts'
import type { CheckMessage, SessionPool } from './session-pool.ts'

export type ProviderQuestion = Omit<Extract<ToRuntime, { type: 'check' }>, 'type' | 'check_id'>
export type ProviderAnswer = Pick<Extract<CheckMessage, { type: 'checked' }>, 'check' | 'sample_wav'>

/**
 * Has a provider asked for real in a session process, where the adapters are. Rejects with the reason of `signal`, and with `runtime_failed`
 * when the process fails; what the provider does wrong stands in the answer.
 */
export type AskProvider = (
  question: ProviderQuestion,
  options: Readonly<{ signal: AbortSignal; onStep: (step: CheckStep) => void }>,
) => Promise<ProviderAnswer>

/** Models may have to be loaded, and each request has its own patience within. */
const WITHIN_MS = 180_000

export const createAskProvider =
  (pool: Pick<SessionPool, 'acquireCheck'>, within_ms = WITHIN_MS): AskProvider =>
  async (question, { signal, onStep }) => {
    const check_id = v7()
    const answer = deferred<ProviderAnswer>()
    const slot = await pool.acquireCheck(check_id, {
      onMessage: (message) => {
        if (message.type === 'check.step') onStep(message.step)
        else if (message.type === 'checked') answer.resolve(message)
        else answer.reject(new StudioError(message.error.code, message.error.message, message.error.hint))
      },
      onGone: (how) => answer.reject(processGone(how)),
    })
    const stop = (reason: unknown) => {
      answer.reject(reason)
      slot.send({ type: 'check.cancel', check_id }).catch(() => undefined)
    }
    const cancel = () => stop(signal.reason)
    const late = setTimeout(() => stop(tookTooLong(within_ms)), within_ms)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      signal.throwIfAborted()
      await slot.send({ type: 'check', check_id, ...question })
      const { check, sample_wav } = await answer.promise
      return { check, ...(sample_wav !== undefined && { sample_wav }) }
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', cancel)
      slot.release()
    }
  }

const processGone = (how: string): StudioError =>
  new StudioError('runtime_failed', `The session process ended during the check (${how}).`, 'Try again; the log says more.')

const tookTooLong = (ms: number): StudioError =>
  new StudioError('unavailable', `The check did not end within ${ms / 1000} s.`, 'Try again when this machine is less busy.')
