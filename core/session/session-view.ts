import type { Json, JsonObject } from '../json.ts'
import type { ErrorBody, Problem } from '../contract/errors.ts'
import type { SessionId, TurnId } from '../contract/ids.ts'
import type {
  AgentState,
  CostPart,
  DeltaEvent,
  JournalBody,
  JournalEvent,
  JournalPosition,
  LiveKitMetrics,
  SessionEvent,
  TurnTimes,
  Usage,
} from '../contract/session-events.ts'
import { isJournalEvent } from '../contract/session-events.ts'
import type { RouteDecision } from '../routing/decision.ts'
import { applyRoomEvent, type RoomView } from './room-view.ts'
import { applyToolEvent, loseTools, type ToolRunView } from './tool-run.ts'

/** One field of a turn as far as it is known; `text` is what has streamed in, `value` comes when it is done. */
export type FieldView = Readonly<{
  name: string
  state: 'streaming' | 'done'
  text: string
  value?: Json
  problems: readonly Problem[]
  /** Session clock, ms. */
  started_at_ms?: number
  done_at_ms?: number
}>

/** `from` and `to` as people know them; `after_ms`: how long `from` was waited for. */
export type FallbackView = Readonly<Pick<Fallback, 'kind' | 'from' | 'to' | 'reason' | 'after_ms'>>
type Fallback = Extract<JournalBody, { type: 'provider.fallback' }>

export type TurnView = Readonly<{
  turn_id: TurnId
  index: number
  attempt: number
  source: Extract<JournalBody, { type: 'turn.started' }>['source']
  revision: number
  state: 'open' | 'committed' | 'lost'
  started_at: number
  heard?: string
  /** In the order in which the model wrote them. */
  fields: readonly FieldView[]
  raw: string
  output?: JsonObject
  parse?: 'json' | 'repaired' | 'plain' | 'truncated'
  problems: readonly Problem[]
  /** While open: what has been heard so far; committed: what was heard. */
  spoken: string
  interrupted: boolean
  times: TurnTimes
  metrics: LiveKitMetrics
  usage: Usage
  /** Set when the turn is committed. */
  cost?: readonly CostPart[]
  /** Who was asked in vain in this turn, and who was asked instead; in order. */
  fallbacks?: readonly FallbackView[]
  /** What the agent did for this reply; in order. */
  tools?: readonly ToolRunView[]
  errors: readonly ErrorBody[]
}>

/** A session as its events tell it: the same for the page, the command line, the host's snapshot and recovery. */
export type SessionView = Readonly<{
  session_id: SessionId
  position: JournalPosition
  agent_state: AgentState
  user_state: 'speaking' | 'listening' | 'away'
  /** What is being heard and not final yet. */
  interim: string
  turns: readonly TurnView[]
  /** Everything journaled, in order. */
  events: readonly JournalEvent[]
  /** Who answers, and which revision of it. */
  agent_id?: string
  revision?: number
  /** How many turns, from the first, the agent that answers now does not know of. */
  forgotten?: number
  /** Why this agent answers. */
  route?: RouteDecision
  /** Of a room call. */
  room?: RoomView
  ended?: string
}>

export const emptySessionView = (session_id: SessionId): SessionView => ({
  session_id,
  position: { attempt: 0, seq: 0 },
  agent_state: 'initializing',
  user_state: 'listening',
  interim: '',
  turns: [],
  events: [],
})

/** The only way events enter a session's view. Journal events that are already in it change nothing. */
export function applySessionEvent(view: SessionView, event: SessionEvent): SessionView {
  if (!isJournalEvent(event)) return applyDelta(view, event)
  const { attempt, seq } = view.position
  if (event.attempt < attempt || (event.attempt === attempt && event.seq <= seq)) return view
  const next = { ...view, position: { attempt: event.attempt, seq: event.seq }, events: [...view.events, event] }
  return applyJournal(next, event)
}

/** Forgets what only deltas have told, before a snapshot replaces them. */
export const resetOpenTurn = (view: SessionView): SessionView => ({
  ...view,
  interim: '',
  turns: view.turns.map((turn) =>
    turn.state === 'open'
      ? { ...turn, raw: turn.output ? turn.raw : '', spoken: '', fields: turn.fields.filter((field) => field.state === 'done') }
      : turn,
  ),
})

export const openTurn = (view: SessionView): TurnView | undefined => view.turns.findLast((turn) => turn.state === 'open')

function applyJournal(view: SessionView, event: JournalEvent & JournalBody): SessionView {
  switch (event.type) {
    case 'session.started':
      return { ...view, revision: event.revision, agent_id: event.agent_id }
    case 'session.recovered': {
      const { ended: _over, ...going } = view
      return { ...going, agent_state: 'initializing', interim: '', turns: view.turns.map(lose) }
    }
    case 'session.ended':
      return { ...view, ended: event.reason, agent_state: 'idle', interim: '', turns: view.turns.map(lose) }
    case 'config.changed': {
      const { revision, agent_id, history } = event
      return { ...view, revision, agent_id, ...(history === 'clear' && { forgotten: view.turns.length }) }
    }
    case 'session.routed':
      return { ...view, route: event.decision }
    case 'room.joined':
    case 'room.connection':
    case 'participant': {
      const room = applyRoomEvent(view.room, event)
      return room ? { ...view, room } : view
    }
    case 'tool.called':
    case 'tool.done':
    case 'tool.filler':
      return changeTurn(view, event.turn_id, (turn) => ({ ...turn, tools: applyToolEvent(turn.tools ?? [], event) }))
    case 'turn.started':
      return { ...view, turns: [...view.turns, newTurn(event)] }
    case 'transcript.final':
      return { ...changeTurn(view, event.turn_id, (turn) => ({ ...turn, heard: event.text })), interim: '' }
    case 'field.done':
      return changeTurn(view, event.turn_id, (turn) =>
        changeField(turn, event.field, (field) => ({
          ...field,
          state: 'done',
          value: event.value,
          problems: event.problems,
          done_at_ms: event.at_ms,
        })),
      )
    case 'output.done':
      return changeTurn(view, event.turn_id, (turn) => ({
        ...turn,
        output: event.output,
        raw: event.raw,
        parse: event.parse,
        problems: event.problems,
      }))
    case 'turn.committed':
      return changeTurn(view, event.turn_id, (turn) => ({
        ...turn,
        state: 'committed',
        spoken: event.spoken,
        interrupted: event.interrupted,
        times: event.times,
        metrics: event.metrics,
        usage: event.usage,
        ...(event.cost && { cost: event.cost }),
      }))
    case 'agent.state':
      return { ...view, agent_state: event.state }
    case 'user.state':
      return { ...view, user_state: event.state }
    case 'session.error':
      return event.turn_id
        ? changeTurn(view, event.turn_id, (turn) => ({ ...turn, errors: [...turn.errors, event.error] }))
        : view
    case 'provider.fallback': {
      const { kind, from, to, reason, after_ms, turn_id } = event
      if (!turn_id) return view
      return changeTurn(view, turn_id, (turn) => ({
        ...turn,
        fallbacks: [...(turn.fallbacks ?? []), { kind, from, to, reason, after_ms }],
      }))
    }
    case 'provider.substituted':
    case 'dtmf':
    case 'eot.prediction':
    case 'notice':
      return view
  }
}

function applyDelta(view: SessionView, event: DeltaEvent): SessionView {
  switch (event.type) {
    case 'transcript.interim':
      return { ...view, interim: event.text }
    case 'field.started':
      return changeTurn(view, event.turn_id, (turn) =>
        changeField(turn, event.field, (field) => ({ ...field, started_at_ms: event.at_ms })),
      )
    case 'field.delta':
      return changeTurn(view, event.turn_id, (turn) =>
        changeField(turn, event.field, (field) => ({ started_at_ms: event.at_ms, ...field, text: field.text + event.text })),
      )
    case 'raw.delta':
      return changeTurn(view, event.turn_id, (turn) => ({ ...turn, raw: turn.raw + event.text }))
    case 'speech.delta':
      return changeTurn(view, event.turn_id, (turn) => ({ ...turn, spoken: turn.spoken + event.text }))
    case 'turn.times':
      return changeTurn(view, event.turn_id, (turn) => ({ ...turn, times: { ...turn.times, ...event.times } }))
  }
}

const newTurn = (event: JournalEvent & Extract<JournalBody, { type: 'turn.started' }>): TurnView => ({
  turn_id: event.turn_id,
  index: event.index,
  attempt: event.attempt,
  source: event.source,
  revision: event.revision,
  state: 'open',
  started_at: event.at,
  fields: [],
  raw: '',
  problems: [],
  spoken: '',
  interrupted: false,
  times: {},
  metrics: {},
  usage: {},
  errors: [],
})

/** A turn that was open when its process died, or the call ended, will never be committed. */
const lose = (turn: TurnView): TurnView =>
  turn.state === 'open' ? { ...turn, state: 'lost', ...(turn.tools && { tools: loseTools(turn.tools) }) } : turn

/** Looks from the end: it is the newest turn that changes with every token. */
function changeTurn(view: SessionView, turn_id: TurnId, change: (turn: TurnView) => TurnView): SessionView {
  const place = view.turns.findLastIndex((turn) => turn.turn_id === turn_id)
  const turn = view.turns[place]
  if (!turn || turn.state === 'committed') return view
  const turns = view.turns.slice()
  turns[place] = change(turn)
  return { ...view, turns }
}

function changeField(turn: TurnView, name: string, change: (field: FieldView) => FieldView): TurnView {
  if (turn.fields.some((field) => field.name === name)) {
    return { ...turn, fields: turn.fields.map((field) => (field.name === name ? change(field) : field)) }
  }
  return { ...turn, fields: [...turn.fields, change({ name, state: 'streaming', text: '', problems: [] })] }
}
