import type { SessionSummary } from '../../../core/contract/index.ts'

/** Where a room call took place, and who asked for it. */
export const connectionWords = (room: SessionSummary['room']): string =>
  room ? `on ${room.connection_id}${room.origin === 'dispatch' ? ', asked for by a client' : ''}` : ''

/** `survived 1 crash`. */
export const survivedWords = (recoveries: number): string =>
  recoveries === 0 ? '' : `survived ${recoveries} ${recoveries === 1 ? 'crash' : 'crashes'}`
