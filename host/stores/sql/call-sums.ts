import type { CostPart, JournalEvent } from '../../../core/contract/session-events.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'

/** Characters of the caller's first words that a list shows. */
const PREVIEW_LENGTH = 160

type Told = 'state' | 'ended_at' | 'end_reason' | 'turn_count' | 'preview' | 'recoveries' | 'cost_nano_usd' | 'error' | 'route'
type Sums = { readonly [Key in Told]?: Exclude<SessionSummary[Key], undefined> }
type Before = Pick<SessionSummary, 'turn_count' | 'preview'> &
  Readonly<{ recoveries?: number | undefined; cost_nano_usd?: number | null | undefined }>

/** What an event changes in what lists tell of its call, however a store keeps it. */
export function changedSums(call: Before, event: JournalEvent): Sums {
  switch (event.type) {
    case 'session.started':
      return { state: 'active' }
    case 'session.recovered':
      return { recoveries: (call.recoveries ?? 0) + 1 }
    case 'session.ended':
      return { state: 'ended', ended_at: event.at, end_reason: event.reason }
    case 'turn.started':
      return { turn_count: call.turn_count + 1 }
    case 'transcript.final':
      return call.preview === '' ? { preview: event.text.slice(0, PREVIEW_LENGTH) } : {}
    case 'turn.committed':
      return withCost(call.cost_nano_usd ?? 0, event.cost)
    case 'session.error':
      return { error: event.error.message }
    case 'session.routed':
      return event.decision.rule === undefined ? {} : { route: event.decision.rule }
    case 'participant':
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
      return {}
  }
}

/** What a provider of unknown price did counts for nothing; a call of such providers alone has no cost to tell. */
function withCost(before: number, cost: readonly CostPart[] = []): Sums {
  const known = cost.flatMap(({ nano_usd }) => nano_usd ?? [])
  return known.length === 0 ? {} : { cost_nano_usd: known.reduce((sum, nano_usd) => sum + nano_usd, before) }
}

/** Before an answer that was waited for. `heard`: until the caller heard it, and not only until the first sound left. */
type Silence = Readonly<{ ms: number; heard: boolean }>

/**
 * The upper median, so that it is always a silence that was really there; until the first sound left only where nobody told of any turn when
 * it was heard.
 */
export function medianSilence(silences: readonly Silence[]): Silence | undefined {
  const heard = silences.filter((silence) => silence.heard)
  const counted = (heard.length > 0 ? [...heard] : [...silences]).sort((a, b) => a.ms - b.ms)
  return counted[Math.floor(counted.length / 2)]
}
