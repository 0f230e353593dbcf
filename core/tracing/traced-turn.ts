import type { JournalEvent } from '../contract/session-events.ts'
import type { JsonObject } from '../json.ts'

type Of<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>
export type TracedTool = { called: Of<'tool.called'>; done?: Of<'tool.done'> }

/** What a turn's journal said, gathered until it is over. */
export type TracedTurn = {
  started: Of<'turn.started'>
  heard: string[]
  output?: Of<'output.done'>
  fields: Record<string, JsonObject[string]>
  tools: Map<string, TracedTool>
  errors: Of<'session.error'>[]
  fallbacks: Of<'provider.fallback'>[]
}

export const newTurn = (started: Of<'turn.started'>): TracedTurn => ({
  started,
  heard: [],
  fields: {},
  tools: new Map(),
  errors: [],
  fallbacks: [],
})

/** Takes in what belongs to the turn; the end of it is for whoever asks for its spans. */
export function gather(turn: TracedTurn, event: JournalEvent): void {
  switch (event.type) {
    case 'transcript.final':
      turn.heard.push(event.text)
      return
    case 'field.done':
      turn.fields[event.field] = event.value
      return
    case 'output.done':
      turn.output = event
      turn.fields = event.output
      return
    case 'tool.called':
      turn.tools.set(event.call_id, { called: event })
      return
    case 'tool.done': {
      const tool = turn.tools.get(event.call_id)
      if (tool) tool.done = event
      return
    }
    case 'session.error':
      turn.errors.push(event)
      return
    case 'provider.fallback':
      turn.fallbacks.push(event)
      return
    default:
  }
}
