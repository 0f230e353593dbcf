import { StudioError } from '../../core/contract/errors.ts'
import { SessionId } from '../../core/contract/ids.ts'
import { isJournalEvent, type SessionEvent } from '../../core/contract/session-events.ts'
import { applySessionEvent, emptySessionView, type SessionView } from '../../core/session/session-view.ts'

/** A call as it goes on, and what waits for it to get somewhere. */
export type CallFollower = Readonly<{
  view: () => SessionView
  receive: (event: SessionEvent) => void
  /** Rejects every wait from now on. */
  fail: (cause: Error) => void
  /** Resolves when the view is as asked. Throws when the call ends before, fails, or `within_ms` pass. */
  until: (what: string, holds: (view: SessionView) => boolean, within_ms: number) => Promise<SessionView>
}>

type Waiter = Readonly<{
  what: string
  holds: (view: SessionView) => boolean
  resolve: (view: SessionView) => void
  reject: (cause: Error) => void
}>

export function createCallFollower(session_id: string): CallFollower {
  const waiters = new Set<Waiter>()
  let view = emptySessionView(SessionId.parse(session_id))
  let failure: Error | undefined
  const settle = (): void => {
    for (const waiter of waiters) {
      const end = failure ?? (waiter.holds(view) ? undefined : endOf(view, waiter.what))
      if (!end && !waiter.holds(view)) continue
      waiters.delete(waiter)
      if (end) waiter.reject(end)
      else waiter.resolve(view)
    }
  }
  const fail = (cause: Error): void => {
    failure ??= cause
    settle()
  }
  return {
    view: () => view,
    receive: (event) => {
      view = applySessionEvent(view, event)
      if (isJournalEvent(event) && event.type === 'session.error' && !event.recoverable) {
        const { code, message, hint, problems } = event.error
        failure ??= new StudioError(code, message, hint, problems)
      }
      settle()
    },
    fail,
    until: (what, holds, within_ms) =>
      new Promise<SessionView>((resolve, reject) => {
        const timer = setTimeout(() => fail(tooLate(what, within_ms)), within_ms)
        const done =
          <Value>(then: (value: Value) => void) =>
          (value: Value) => (clearTimeout(timer), then(value))
        waiters.add({ what, holds, resolve: done(resolve), reject: done(reject) })
        settle()
      }),
  }
}

const endOf = (view: SessionView, what: string): StudioError | undefined =>
  view.ended === undefined
    ? undefined
    : new StudioError('runtime_failed', `The call ended (${view.ended}) before ${what}`, 'The events above say why; try again.')

const tooLate = (what: string, within_ms: number): StudioError =>
  new StudioError(
    'unavailable',
    `${Math.round(within_ms / 1000)} s passed without ${what}`,
    'Give it longer with --timeout, or see the events above for what it waits for.',
  )
