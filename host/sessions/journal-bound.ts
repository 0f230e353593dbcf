import type { JournalEvent } from '../../core/contract/session-events.ts'

/** Nobody needs them to go on with a call, or to know what was said in it. */
const DETAILS: ReadonlySet<JournalEvent['type']> = new Set([
  'agent.state',
  'user.state',
  'eot.prediction',
  'field.done',
  'tool.filler',
  'config.changed',
  'room.connection',
  'notice',
])

/** What is left of the events of a call that wait for a store that is away, when there are too many: details go first, then the oldest. */
export function dropSome(events: readonly JournalEvent[], most: number): Readonly<{ events: JournalEvent[]; dropped: number }> {
  if (events.length <= most) return { events: [...events], dropped: 0 }
  const said = events.filter(({ type }) => !DETAILS.has(type))
  const kept = said.slice(Math.max(0, said.length - most + 1))
  const [first] = events.filter((event) => !kept.includes(event))
  if (!first) return { events: kept, dropped: 0 }
  const dropped = events.length - kept.length
  return { events: inOrder([noticeAt(first, dropped), ...kept]), dropped }
}

/** In the place of the first one that is gone, so that whoever reads the call knows. */
function noticeAt({ attempt, seq, at, at_ms }: JournalEvent, dropped: number): JournalEvent {
  const text = `${dropped} events of this call were not written down: the store was away for too long.`
  return { attempt, seq, at, at_ms, type: 'notice', level: 'warning', text }
}

const inOrder = (events: JournalEvent[]): JournalEvent[] => events.sort((a, b) => a.attempt - b.attempt || a.seq - b.seq)
