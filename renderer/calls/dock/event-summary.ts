import type { JournalEvent } from '../../../core/contract/index.ts'
import { whatIfWords } from '../setup/what-if.ts'
import { formatMs } from '../format.ts'

export const EVENT_GROUPS = ['turns', 'output', 'tools', 'state', 'room', 'problems', 'config'] as const
/** What the events list can be narrowed to. */
export type EventGroup = (typeof EVENT_GROUPS)[number]

export type EventSummary = Readonly<{ group: EventGroup; text: string; tone?: 'bad' | 'warn' }>

/** One line for one event of the journal. */
export function eventSummary(event: JournalEvent): EventSummary {
  switch (event.type) {
    case 'session.started':
      return {
        group: 'config',
        text: `${event.modality} call with revision ${event.revision}; stt ${event.providers.stt}, llm ${event.providers.llm}, tts ${event.providers.tts}${event.what_if ? `; what if: ${whatIfWords(event.what_if).join(', ')}` : ''}`,
      }
    case 'session.recovered':
      return {
        group: 'problems',
        text: `attempt ${event.attempt} goes on after ${formatMs(event.gap_ms)}: ${event.reason}`,
        tone: 'warn',
      }
    case 'session.ended':
      return { group: 'config', text: event.reason }
    case 'config.changed':
      return { group: 'config', text: configText(event) }
    case 'provider.substituted':
      return { group: 'problems', text: `${event.kind}: ${event.used} instead of ${event.asked}; ${event.reason}`, tone: 'warn' }
    case 'provider.fallback':
      return {
        group: 'problems',
        text: `${event.kind}: ${event.to} instead of ${event.from} after ${formatMs(event.after_ms)}; ${event.reason}`,
        tone: 'warn',
      }
    case 'turn.started':
      return { group: 'turns', text: `turn ${event.index}, ${event.source}, revision ${event.revision}` }
    case 'transcript.final':
      return { group: 'turns', text: event.text }
    case 'field.done':
      return {
        group: 'output',
        text: `${event.field} = ${JSON.stringify(event.value)}`,
        ...(event.problems.length > 0 ? { tone: 'bad' } : {}),
      }
    case 'output.done':
      return {
        group: 'output',
        text: `${event.parse}, ${event.problems.length === 0 ? 'valid' : `${event.problems.length} problems`}`,
        ...outputTone(event),
      }
    case 'turn.committed':
      return { group: 'turns', text: `${event.interrupted ? 'interrupted after' : 'spoken'}: ${event.spoken}` }
    case 'agent.state':
      return { group: 'state', text: `agent ${event.state}` }
    case 'user.state':
      return { group: 'state', text: `caller ${event.state}` }
    case 'eot.prediction':
      return { group: 'state', text: eotText(event) }
    case 'session.error':
      return { group: 'problems', text: `${event.source}: ${event.error.message}`, tone: 'bad' }
    case 'session.routed':
      return { group: 'config', text: event.decision.reason }
    case 'room.joined':
      return { group: 'room', text: `agent in ${event.room_name} as ${event.identity} after ${formatMs(event.join_ms)}` }
    case 'room.connection':
      return {
        group: 'room',
        text: event.gap_ms === undefined ? event.state : `${event.state} after ${formatMs(event.gap_ms)}`,
        ...(event.state === 'reconnected' ? {} : { tone: 'warn' }),
      }
    case 'participant':
      return { group: 'room', text: `${event.name ?? event.identity} ${event.change}${event.caller ? ' (caller)' : ''}` }
    case 'dtmf':
      return { group: 'room', text: `${event.identity} pressed ${event.digits}` }
    case 'tool.called':
      return { group: 'tools', text: `${event.tool}(${JSON.stringify(event.arguments)})` }
    case 'tool.filler':
      return { group: 'tools', text: `said while waiting: ${event.text}` }
    case 'tool.done':
      return {
        group: 'tools',
        text: doneText(event),
        ...(event.outcome === 'ok' || event.outcome === 'mocked' ? {} : { tone: 'warn' }),
      }
    case 'notice':
      return { group: 'problems', text: event.text, ...(event.level === 'warning' ? { tone: 'warn' } : {}) }
  }
}

const doneText = ({ tool, outcome, duration_ms, error }: Extract<JournalEvent, { type: 'tool.done' }>): string => {
  if (outcome === 'unknown')
    return `${tool}: outcome unknown; a crash came before its answer, and it is not repeated because it is not idempotent`
  return `${tool}: ${outcome} after ${formatMs(duration_ms)}${error ? `; ${error.message}` : ''}`
}

const configText = ({ revision, agent_id, history }: Extract<JournalEvent, { type: 'config.changed' }>): string => {
  if (history === undefined) return `revision ${revision} answers from the next turn`
  const knows = history === 'keep' ? 'knowing what was said' : 'without what was said'
  return `agent ${agent_id}, revision ${revision}, answers from the next turn, ${knows}`
}

const outputTone = (event: Extract<JournalEvent, { type: 'output.done' }>): { tone?: 'bad' | 'warn' } => {
  if (event.problems.length > 0) return { tone: 'bad' }
  return event.parse === 'json' ? {} : { tone: 'warn' }
}

const eotText = ({ probability, threshold }: Extract<JournalEvent, { type: 'eot.prediction' }>): string =>
  `end of turn ${(probability * 100).toFixed(0)} % against ${(threshold * 100).toFixed(0)} %: ${probability >= threshold ? 'over' : 'not over yet, so it waits'}`

/** The events of the chosen groups (none: all) whose line or type contains the text. */
export function filterEvents(
  events: readonly JournalEvent[],
  groups: ReadonlySet<EventGroup>,
  query: string,
): readonly JournalEvent[] {
  const wanted = query.trim().toLowerCase()
  return events.filter((event) => {
    const { group, text } = eventSummary(event)
    if (groups.size > 0 && !groups.has(group)) return false
    return wanted === '' || event.type.includes(wanted) || text.toLowerCase().includes(wanted)
  })
}
