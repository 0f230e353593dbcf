import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { ToRuntime } from '../../core/contract/runtime.ts'
import { deferred } from './deferred.ts'
import type { CheckListener, CheckMessage, ProcessGroup, SessionPool } from './session-pool.ts'

export type Question<Answer> = Readonly<{
  /** What is asked, for people: `check`, `trial`. */
  name: string
  message: (check_id: string) => ToRuntime
  /** The answer, once it is in a message; nothing for what only tells how far it is. */
  read: (message: CheckMessage) => Answer | undefined
  signal: AbortSignal
  within_ms: number
  /** With whom it may share a process. */
  group?: ProcessGroup | undefined
}>

/**
 * Has something done in a session process, outside of any call. Rejects with the reason of the signal, and with `runtime_failed` when
 * the process fails.
 */
export async function askProcess<Answer>(pool: Pick<SessionPool, 'acquireCheck'>, question: Question<Answer>): Promise<Answer> {
  const { name, signal, within_ms } = question
  const check_id = v7()
  const answer = deferred<Answer>()
  const listener: CheckListener = {
    onMessage: (message) => {
      if (message.type === 'check.failed')
        return answer.reject(new StudioError(message.error.code, message.error.message, message.error.hint))
      const value = question.read(message)
      if (value !== undefined) answer.resolve(value)
    },
    onGone: (how) => answer.reject(processGone(name, how)),
  }
  const slot = await pool.acquireCheck(check_id, listener, question.group)
  const stop = (reason: unknown) => {
    answer.reject(reason)
    slot.send({ type: 'check.cancel', check_id }).catch(() => undefined)
  }
  const cancel = () => stop(signal.reason)
  const late = setTimeout(() => stop(tookTooLong(name, within_ms)), within_ms)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    signal.throwIfAborted()
    await slot.send(question.message(check_id))
    return await answer.promise
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', cancel)
    slot.release()
  }
}

const processGone = (name: string, how: string): StudioError =>
  new StudioError('runtime_failed', `The session process ended during the ${name} (${how}).`, 'Try again; the log says more.')

const tookTooLong = (name: string, ms: number): StudioError =>
  new StudioError('unavailable', `The ${name} did not end within ${ms / 1000} s.`, 'Try again when this machine is less busy.')
