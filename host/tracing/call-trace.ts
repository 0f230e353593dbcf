import type { JournalEvent, SessionEvent } from '../../core/contract/session-events.ts'
import { isJournalEvent } from '../../core/contract/session-events.ts'
import { sessionEvent, sessionSpan } from '../../core/tracing/session-span.ts'
import { isSampled, type TraceSettings } from '../../core/tracing/trace-settings.ts'
import type { SpanEvent, TraceSpan } from '../../core/tracing/trace-span.ts'
import type { TracedAgent, TracedSession } from '../../core/tracing/traced-session.ts'
import { gather, newTurn, type TracedTurn } from '../../core/tracing/traced-turn.ts'
import { turnSpans } from '../../core/tracing/turn-spans.ts'

/** How the next turn is traced. */
export type TraceSetting = TraceSettings &
  Readonly<{
    agent: TracedAgent
    /** The session itself was asked for, whatever the sample is. */
    forced: boolean
    /** What the agent is told, worked out when it is needed. */
    instructions: () => string
    send: (spans: readonly TraceSpan[]) => void
  }>

export type CallTrace = Readonly<{
  /** From the next turn on; absent settings: nothing is known yet. */
  configured: (setting: TraceSetting) => void
  told: (events: readonly SessionEvent[]) => void
}>

/** Turns the journal of one call into spans as it is written. A call that is not traced costs one look at each event. */
export function createCallTrace(session: TracedSession): CallTrace {
  const turns = new Map<string, { turn: TracedTurn; setting: TraceSetting }>()
  let setting: TraceSetting | undefined
  /** Of the last turn that was traced: who ends the trace. */
  let traced: TraceSetting | undefined
  let events: SpanEvent[] = []
  let count = 0
  /** Decided once: the sample of a session does not change with its agent's settings. */
  let drawn: boolean | undefined

  function isTraced({ enabled, forced, sample_rate }: TraceSetting): boolean {
    if (!enabled) return false
    return forced || (drawn ??= isSampled(session.session_id, sample_rate))
  }

  function take(event: JournalEvent): void {
    if (event.type === 'turn.started') {
      if (!setting || !isTraced(setting)) return
      traced = setting
      turns.set(event.turn_id, {
        turn: newTurn(event),
        setting: { ...setting, agent: { ...setting.agent, revision: event.revision } },
      })
      return
    }
    if (event.type === 'session.ended') return finish(event)
    const turn_id = 'turn_id' in event ? event.turn_id : undefined
    const open = turn_id === undefined ? undefined : turns.get(turn_id)
    if (open && event.type === 'turn.committed') {
      turns.delete(event.turn_id)
      count += 1
      open.setting.send(
        turnSpans({ session, ...open.setting, ...open, committed: event, content: open.setting.content === 'all' }),
      )
    } else if (open) {
      gather(open.turn, event)
    } else if (turn_id === undefined && setting && isTraced(setting)) {
      const told = sessionEvent(event, setting.content === 'all')
      if (told) events = [...events, told].slice(-100)
    }
  }

  function finish(ended: Extract<JournalEvent, { type: 'session.ended' }>): void {
    // Whoever goes on with it ends its trace.
    if (!traced || ended.reason === 'superseded') return
    const instructions = traced.content === 'all' ? traced.instructions() : undefined
    traced.send([sessionSpan({ session, agent: traced.agent, ended, turns: count, events, instructions })])
    turns.clear()
    traced = undefined
  }

  return {
    configured: (next) => void (setting = next),
    told: (list) => {
      if (!setting?.enabled && !traced && turns.size === 0) return
      for (const event of list) if (isJournalEvent(event)) take(event)
    },
  }
}
