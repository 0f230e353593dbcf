import type { JournalPosition, SessionEvent, SessionStreamMessage } from '../../core/contract/index.ts'
import { openSocket } from './reconnecting-socket.ts'
import { fromWire } from './wire.ts'

/** Where a reader stands after these events: the newest journal event counts, deltas have no place. */
export const positionAfter = (position: JournalPosition, events: readonly SessionEvent[]): JournalPosition => {
  const last = events.findLast((event) => 'seq' in event)
  return last && 'seq' in last ? { attempt: last.attempt, seq: last.seq } : position
}

/** Reads one session's stream and, when the connection breaks, goes on from the last journal event that was read. */
export function followSession(
  url: string,
  after: JournalPosition,
  listener: (message: SessionStreamMessage) => void,
): () => void {
  let position = after
  const socket = openSocket({
    url: () => `${url}?attempt=${position.attempt}&seq=${position.seq}`,
    onMessage: (text) => {
      const message = fromWire<SessionStreamMessage>(JSON.parse(text))
      position = positionAfter(position, message.events)
      listener(message)
    },
  })
  return socket.close
}
