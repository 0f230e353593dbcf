import type { FromRuntime } from '../../core/contract/runtime.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import { strike } from '../providers/strike.ts'

type Delta = Extract<SessionEvent, { type: 'raw.delta' | 'field.delta' | 'speech.delta' }>
type Events = Extract<FromRuntime, { type: 'events' }>

/**
 * Streamed text whose end may be the beginning of a key is kept back until more of it shows that it is none. What is kept back leaves
 * before the next journaled event of its turn.
 */
export function createSplitKeys(keys: ReadonlySet<string>): (message: FromRuntime) => FromRuntime | undefined {
  const held = new Map<string, Delta>()

  const push = (stream: string, delta: Delta): Delta[] => {
    const text = strike((held.get(stream)?.text ?? '') + delta.text, keys)
    const safe = text.length - begunKey(text, keys)
    if (safe === text.length) held.delete(stream)
    else held.set(stream, { ...delta, text: text.slice(safe) })
    return safe === 0 ? [] : [{ ...delta, text: text.slice(0, safe) }]
  }
  const release = (turn: string): Delta[] =>
    [...held].flatMap(([stream, delta]) => {
      if (!stream.startsWith(turn)) return []
      held.delete(stream)
      return [delta]
    })
  const pass = (session_id: string, event: SessionEvent): SessionEvent[] => {
    if (isText(event)) return push(streamOf(session_id, event), event)
    if (held.size === 0) return [event]
    return 'turn_id' in event && event.type !== 'turn.times' && event.type !== 'field.started'
      ? [...release(`${session_id} ${event.turn_id ?? ''}`), event]
      : [event]
  }
  return (message) => {
    if (message.type !== 'events') return message
    if (held.size === 0 && !message.events.some((event) => isText(event) && mayHold(event.text, keys))) return message
    const events = message.events.flatMap((event) => pass(message.session_id, event))
    return events.length === 0 ? undefined : ({ ...message, events } satisfies Events)
  }
}

const isText = (event: SessionEvent): event is Delta =>
  event.type === 'raw.delta' || event.type === 'field.delta' || event.type === 'speech.delta'

const streamOf = (session_id: string, delta: Delta): string =>
  `${session_id} ${delta.turn_id} ${delta.type} ${delta.type === 'field.delta' ? delta.field : ''}`

const mayHold = (text: string, keys: ReadonlySet<string>): boolean =>
  begunKey(text, keys) > 0 || [...keys].some((key) => text.includes(key))

/** How many of the last characters a key could begin with. */
function begunKey(text: string, keys: ReadonlySet<string>): number {
  let longest = 0
  for (const key of keys) {
    for (let length = Math.min(key.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(key.slice(0, length))) longest = length
    }
  }
  return longest
}
