import type { JournalEvent } from '../../../core/contract/session-events.ts'
import { isHeardByCaller } from '../../../core/session/heard-by-caller.ts'
import { addCost, previewOf } from '../sql/call-sums.ts'
import { foldText } from '../sql/fold-text.ts'
import type { CallRow } from './call-tables.ts'

/** What a call becomes by an event. */
export function projected(call: CallRow, event: JournalEvent): CallRow {
  switch (event.type) {
    case 'session.started':
      return { ...call, state: 'active' }
    case 'session.recovered':
      return { ...call, open_turns: {}, recoveries: (call.recoveries ?? 0) + 1 }
    case 'session.ended': {
      const { lease: _, ...held } = call
      return { ...held, open_turns: {}, state: 'ended', ended_at: event.at, end_reason: event.reason }
    }
    case 'turn.started':
      return {
        ...call,
        turn_count: call.turn_count + 1,
        open_turns: { ...call.open_turns, [event.turn_id]: event.source },
      }
    case 'transcript.final':
      return call.preview === '' ? { ...call, preview: previewOf(event.text) } : call
    case 'turn.committed':
      return withTurn(call, event)
    case 'session.error':
      return { ...call, error: event.error.message }
    case 'session.routed':
      return { ...call, route: event.decision.rule }
    case 'participant': {
      const joins = event.caller && event.change !== 'left' && call.room !== undefined
      return joins && call.room ? { ...call, room: { ...call.room, caller_identity: event.identity } } : call
    }
    case 'output.done':
    case 'room.joined':
    case 'room.connection':
    case 'dtmf':
    case 'tool.called':
    case 'tool.done':
    case 'tool.filler':
    case 'config.changed':
    case 'provider.substituted':
    case 'provider.fallback':
    case 'field.done':
    case 'agent.state':
    case 'user.state':
    case 'eot.prediction':
    case 'notice':
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
  const cost_nano_usd = addCost(call.cost_nano_usd, event.cost)
  const { silence_p50_ms: _, silence_sent: __, ...rest } = call
  return { ...rest, open_turns, silences, ...median(silences), ...(cost_nano_usd !== undefined && { cost_nano_usd }) }
}

/** The upper median, of silences that were really heard; until the first sound left only where nobody told of any turn when it was heard. */
function median(silences: CallRow['silences']): Pick<CallRow, 'silence_p50_ms' | 'silence_sent'> {
  const heard = silences.filter((silence) => silence.heard)
  const counted = (heard.length > 0 ? heard : silences).map(({ ms }) => ms).sort((a, b) => a - b)
  const silence_p50_ms = counted[Math.floor(counted.length / 2)]
  if (silence_p50_ms === undefined) return {}
  return { silence_p50_ms, ...(heard.length === 0 && { silence_sent: true }) }
}
