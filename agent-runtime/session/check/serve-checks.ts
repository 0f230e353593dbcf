import { StudioError } from '../../../core/contract/errors.ts'
import type { CheckStep } from '../../../core/contract/providers.ts'
import type { HostChannel } from '../host-channel.ts'
import type { Log } from '../livekit-log.ts'
import { checkProvider, type CheckRequest } from './check-provider.ts'

/** The checks that the host asks for; `blame` runs work so that what it breaks outside of every promise is told to its first argument. */
export function serveChecks(
  channel: Pick<HostChannel, 'send'>,
  log: Log,
  blame: <Value>(bear: (cause: unknown) => void, work: () => Value) => Value,
) {
  const running = new Map<string, AbortController>()

  const start = (request: CheckRequest): void => {
    const { check_id } = request
    const ending = new AbortController()
    running.set(check_id, ending)
    const fail = (cause: unknown) => {
      running.delete(check_id)
      if (ending.signal.aborted) return
      ending.abort()
      const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
      log('error', `check ${check_id} failed: ${text}`)
      channel.send({ type: 'check.failed', check_id, error: fault(cause).body })
    }
    const tell = (step: CheckStep) => channel.send({ type: 'check.step', check_id, step })
    blame(fail, () => checkProvider(request, tell, ending.signal))
      .then((checked) => {
        running.delete(check_id)
        channel.send({ type: 'checked', check_id, ...checked })
      })
      .catch(fail)
  }
  return { start, cancel: (check_id: string) => running.get(check_id)?.abort() }
}

const fault = (cause: unknown): StudioError =>
  cause instanceof StudioError
    ? cause
    : new StudioError(
        'runtime_failed',
        'The check ended because of a fault in the session process.',
        'Try again; the log of the session process has the details.',
      )
