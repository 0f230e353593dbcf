import type { JournalEvent } from '../../../core/contract/session-events.ts'
import { isHeardByCaller } from '../../../core/session/heard-by-caller.ts'
import { changedSums, medianSilence } from '../sql/call-sums.ts'
import { foldText } from '../sql/fold-text.ts'
import type { CallRow } from './call-tables.ts'

/** What a call becomes by an event. */
export function projected(before: CallRow, event: JournalEvent): CallRow {
  const call: CallRow = { ...before, ...changedSums(before, event) }
  switch (event.type) {
    case 'session.recovered':
      return { ...call, open_turns: {} }
    case 'session.ended': {
      const { lease: _, ...held } = call
      return { ...held, open_turns: {} }
    }
    case 'turn.started':
      return { ...call, open_turns: { ...call.open_turns, [event.turn_id]: event.source } }
    case 'turn.committed':
      return withTurn(call, event)
    case 'participant': {
      const joins = event.caller && event.change !== 'left' && call.room !== undefined
      return joins && call.room ? { ...call, room: { ...call.room, caller_identity: event.identity } } : call
    }
    default:
      return call
  }
}

/** Words of what was said, as a search looks for them. */
export function wordsOf(event: JournalEvent): readonly string[] {
  if (event.type === 'transcript.final') return words(event.text)
  return event.type === 'turn.committed' ? words(event.spoken) : []
}

export const words = (text: string): readonly string[] => [...new Set(foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [])]

function withTurn(call: CallRow, event: JournalEvent & { type: 'turn.committed' }): CallRow {
  const { [event.turn_id]: source, ...open_turns } = call.open_turns
  const { t0, t6 } = event.times
  // Nobody waits in silence for a greeting.
  const waited = (source === 'voice' || source === 'text') && t0 !== undefined && t6 !== undefined
  const silence = waited ? [{ ms: t6 - t0, heard: isHeardByCaller(event.times) }] : []
  const silences = [...call.silences, ...silence]
  const median = medianSilence(silences)
  const { silence_p50_ms: _, silence_sent: __, ...rest } = call
  return {
    ...{ ...rest, open_turns, silences },
    ...(median && { silence_p50_ms: median.ms }),
    ...(median?.heard === false && { silence_sent: true }),
  }
}
