import type { JournalPosition } from '../../core/contract/session-events.ts'

/** Order of a journal: by attempt, then by sequence number. */
export const isAfter = (a: JournalPosition, b: JournalPosition): boolean =>
  a.attempt > b.attempt || (a.attempt === b.attempt && a.seq > b.seq)
