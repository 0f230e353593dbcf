import type { JournalBody, JournalEvent } from '../../core/contract/session-events.ts'

/** Gives every journal event of a session its place, whoever made it: the process that holds the session, or the host beside it. */
export type EventClock = Readonly<{
  /** Of an event that the host made. */
  stamp: (body: JournalBody) => JournalEvent
  /** Of an event that the process made; undefined when it is of an older attempt or comes twice. */
  place: (event: JournalEvent) => JournalEvent | undefined
  nextAttempt: (attempt: number) => void
  /** `session.started` and `session.ended` of this attempt have passed. */
  hasStarted: () => boolean
  hasEnded: () => boolean
}>

export function createEventClock(firstAttempt: number): EventClock {
  let attempt = firstAttempt
  let seq = 0
  let heard = 0
  let started = false
  let ended = false
  /** Wall time at which the session's own clock was zero. */
  let began = Date.now()

  return {
    stamp(body) {
      ended ||= body.type === 'session.ended'
      const at = Date.now()
      return { ...body, attempt, seq: ++seq, at, at_ms: Math.max(0, at - began) }
    },
    place(event) {
      if (event.attempt !== attempt || event.seq <= heard) return undefined
      heard = event.seq
      began = event.at - event.at_ms
      started ||= event.type === 'session.started'
      ended ||= event.type === 'session.ended'
      return { ...event, seq: ++seq }
    },
    nextAttempt(next) {
      attempt = next
      seq = 0
      heard = 0
      started = false
      ended = false
      began = Date.now()
    },
    hasStarted: () => started,
    hasEnded: () => ended,
  }
}
