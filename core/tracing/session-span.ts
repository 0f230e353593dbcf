import type { JournalEvent } from '../contract/session-events.ts'
import { commonAttributes, cut, given, type TracedAgent, type TracedSession } from './traced-session.ts'
import type { SpanEvent, TraceSpan } from './trace-span.ts'

/** A call that goes wrong for hours says no more of it than this. */
const MOST_EVENTS = 100

/** What of a session's journal belongs to no turn and still to its trace. */
export function sessionEvent(event: JournalEvent, content: boolean): SpanEvent | undefined {
  const { type: name, at } = event
  switch (event.type) {
    case 'session.recovered':
      return { name, at, attributes: { reason: event.reason, gap_ms: event.gap_ms } }
    case 'config.changed':
      return { name, at, attributes: { 'gen_ai.agent.id': event.agent_id, 'greenroom.revision': event.revision } }
    case 'provider.substituted':
      return { name, at, attributes: { kind: event.kind, asked: event.asked, used: event.used } }
    case 'session.error': {
      const message = content ? { 'exception.message': cut(event.error.message) } : {}
      return { name: 'exception', at, attributes: { 'exception.type': event.error.code, source: event.source, ...message } }
    }
    default:
      return undefined
  }
}

export type SessionTrace = Readonly<{
  session: TracedSession
  agent: TracedAgent
  ended: Extract<JournalEvent, { type: 'session.ended' }>
  turns: number
  events: readonly SpanEvent[]
  /** What the agent was told first; absent: not to be told. */
  instructions?: string | undefined
}>

/** The parent of all: it is known when the call is over. */
export function sessionSpan({ session, agent, ended, turns, events, instructions }: SessionTrace): TraceSpan {
  const { trace_id, span_id, started_at, kind, modality, room_name, route } = session
  const failed = ended.reason === 'failed' || ended.reason === 'runtime_failed'
  return {
    ...{ trace_id, span_id, name: 'agent_session', kind: 'internal' },
    ...{ start: started_at, end: Math.max(started_at, ended.at), events: events.slice(0, MOST_EVENTS) },
    attributes: {
      ...commonAttributes(session, agent),
      ...given({
        'gen_ai.operation.name': 'invoke_workflow',
        'gen_ai.workflow.name': agent.agent_name,
        'lk.agent_name': agent.agent_id,
        'greenroom.session.kind': kind,
        'greenroom.session.modality': modality,
        'greenroom.session.end_reason': ended.reason,
        'greenroom.session.turns': turns,
        'greenroom.route': route,
        'langfuse.observation.type': 'span',
        ...(instructions !== undefined && {
          'lk.pii.room_name': room_name,
          'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: cut(instructions) }]),
        }),
      }),
    },
    ...(failed && { error: ended.reason }),
  }
}
