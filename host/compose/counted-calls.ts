import { StudioError } from '../../core/contract/errors.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { Metrics } from '../http/metrics.ts'
import type { CallTracing, SessionPlaces } from '../sessions/session-deps.ts'

/** How long callers wait for answers, counted from what calls tell of their turns. */
export const countedTurns = (tracing: CallTracing, metrics: Metrics): CallTracing => ({
  begin: (scope, session) => {
    const { configured, told } = tracing.begin(scope, session)
    return {
      configured,
      told: (events) => {
        for (const event of events) countTurn(metrics, event)
        told(events)
      },
    }
  },
})

function countTurn(metrics: Metrics, event: SessionEvent): void {
  if (event.type !== 'turn.committed') return
  const { t0, t5, t6 = t5 } = event.times
  if (t0 !== undefined && t6 !== undefined) metrics.turnHeard((t6 - t0) / 1000)
}

/** Calls that a limit keeps out, counted by its code. */
export const countedPlaces = (places: SessionPlaces, metrics: Metrics): SessionPlaces => ({
  ...places,
  admit: async (scope, call) => {
    try {
      await places.admit(scope, call)
    } catch (cause) {
      metrics.sessionRefused(cause instanceof StudioError ? cause.code : 'internal')
      throw cause
    }
  },
})
