import * as z from 'zod'
import { AgentId, Millis, Revision, TurnId } from './ids.ts'
import { ErrorBody, Problem } from './errors.ts'
import { PriceSnapshot, ProviderKind } from './providers.ts'
import { RouteDecision } from '../routing/decision.ts'
import { ToolKind } from '../tools/tool.ts'

/** LiveKit's agent states. */
export const AgentState = z.enum(['initializing', 'idle', 'listening', 'thinking', 'speaking'])
export type AgentState = z.infer<typeof AgentState>

/**
 * The moments of a turn, ms on the session clock (`at_ms`): t0 end of the caller's speech (or the moment a typed line arrived) · t1 final
 * transcript · t2 turn committed · t3 first LLM token · t4 first character of the spoken field · t5 first TTS frame ·
 * t6 first audible sample at the caller. Absent: has not happened, or does not apply (t1 and t2 equal t0 in text turns).
 */
export const TurnTimes = z.object({
  t0: z.number().optional(),
  t1: z.number().optional(),
  t2: z.number().optional(),
  t3: z.number().optional(),
  t4: z.number().optional(),
  t5: z.number().optional(),
  t6: z.number().optional(),
  /** Uncertainty of t6 in ms: half the smallest round trip to the page. */
  t6_uncertainty_ms: z.number().optional(),
  /** Moments that two clocks, or a late measurement, put before the one before them; they were moved so that t0 ≤ t1 ≤ … ≤ t6 holds. */
  clamped: z.array(z.enum(['t0', 't1', 't2', 't3', 't4', 't5', 't6'])).optional(),
})
export type TurnTimes = Readonly<z.infer<typeof TurnTimes>>

/** LiveKit's own latency values in ms under LiveKit's names; shown beside the waterfall, never added into it. */
export const LiveKitMetrics = z.object({
  transcription_delay_ms: z.number().optional(),
  end_of_turn_delay_ms: z.number().optional(),
  llm_node_ttft_ms: z.number().optional(),
  tts_node_ttfb_ms: z.number().optional(),
  playback_latency_ms: z.number().optional(),
  e2e_latency_ms: z.number().optional(),
})
export type LiveKitMetrics = Readonly<z.infer<typeof LiveKitMetrics>>

export const Usage = z.object({
  prompt_tokens: z.int().optional(),
  completion_tokens: z.int().optional(),
  cached_tokens: z.int().optional(),
  /** Of those read and of those written: sound, which has a price of its own. */
  audio_prompt_tokens: z.int().optional(),
  audio_completion_tokens: z.int().optional(),
  tts_characters: z.int().optional(),
  tts_audio_ms: z.number().optional(),
  stt_audio_ms: z.number().optional(),
})
export type Usage = Readonly<z.infer<typeof Usage>>

/** What one provider did in a turn, and what that cost. `nano_usd`: billionths of a US dollar; absent when no price is known. */
export const CostPart = z.object({
  kind: ProviderKind,
  provider: z.string(),
  model: z.string(),
  usage: Usage,
  nano_usd: z.int().optional(),
  price: PriceSnapshot.optional(),
  /** The tokens are counted by us: the reply ended before its provider said how many there were. */
  estimated: z.boolean().optional(),
})
export type CostPart = Readonly<z.infer<typeof CostPart>>

/** How the reply could be read: JSON as asked, JSON after repair, or plain text taken as the spoken field. */
export const ParseKind = z.enum(['json', 'repaired', 'plain', 'truncated'])

/** `voice` and `text`: the caller spoke or typed. `greeting`: the agent opened the call. `resume`: said after a recovery. `handoff`: the first words of the agent that took over. */
export const TurnSource = z.enum(['voice', 'text', 'greeting', 'resume', 'handoff'])

const turn = { turn_id: TurnId }

/**
 * What is kept for ever, in order `(attempt, seq)`; the journal alone rebuilds the conversation.
 * `at` is wall time; `at_ms` the session's monotonic clock (ms since the attempt began).
 */
const JournalBody = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.started'),
    agent_id: AgentId,
    revision: Revision,
    modality: z.enum(['voice', 'text']),
    providers: z.object({ stt: z.string(), llm: z.string(), tts: z.string() }),
    /** Kinds that are rehearsed at the pace of a preset instead of being asked as the agent says. */
    what_if: z.partialRecord(ProviderKind, z.string()).optional(),
  }),
  /** A dead process was replaced: attempt n+1 goes on from the journal. */
  z.object({ type: z.literal('session.recovered'), reason: z.string(), gap_ms: z.number() }),
  z.object({ type: z.literal('session.ended'), reason: z.string() }),
  /** From the next turn on this revision answers. `history`: when it is another agent, whether it knows what was said before. */
  z.object({
    type: z.literal('config.changed'),
    revision: Revision,
    agent_id: AgentId,
    history: z.enum(['keep', 'clear']).optional(),
  }),
  /** Why this agent answers. */
  z.object({ type: z.literal('session.routed'), decision: RouteDecision }),
  /** The agent is in the room, under this identity, in this attempt. */
  z.object({ type: z.literal('room.joined'), room_name: z.string(), identity: z.string(), join_ms: z.number() }),
  /** LiveKit's connection of the agent: lost and being restored, back again. */
  z.object({
    type: z.literal('room.connection'),
    state: z.enum(['reconnecting', 'reconnected', 'lost']),
    gap_ms: z.number().optional(),
  }),
  /** Somebody came, went or changed. Hidden participants are not told. */
  z.object({
    type: z.literal('participant'),
    change: z.enum(['joined', 'left', 'changed']),
    identity: z.string(),
    name: z.string().optional(),
    kind: z.enum(['standard', 'sip', 'agent', 'other']),
    /** The agent listens to this one. */
    caller: z.boolean(),
    attributes: z.record(z.string(), z.string()).optional(),
    metadata: z.string().optional(),
  }),
  z.object({ type: z.literal('dtmf'), digits: z.string(), identity: z.string() }),
  /** A tool's intent; durable before it takes effect. */
  z.object({
    type: z.literal('tool.called'),
    ...turn,
    call_id: z.string(),
    tool: z.string(),
    kind: ToolKind,
    arguments: z.record(z.string(), z.json()),
    /** Sent as `Idempotency-Key`. */
    idempotency_key: z.string().optional(),
  }),
  z.object({
    type: z.literal('tool.done'),
    ...turn,
    call_id: z.string(),
    tool: z.string(),
    /** `unknown`: a crash came between the call and its result. */
    outcome: z.enum(['ok', 'failed', 'timeout', 'cancelled', 'mocked', 'unknown']),
    /** What the LLM was told. */
    result: z.json().optional(),
    error: ErrorBody.optional(),
    /** Of an HTTP tool. */
    status: z.int().optional(),
    duration_ms: z.number(),
  }),
  /** Said while a slow tool runs; not part of the output. */
  z.object({ type: z.literal('tool.filler'), ...turn, call_id: z.string(), text: z.string() }),
  /** A provider that the document asks for is not there; `used` answers instead, and the caller is told. */
  z.object({
    type: z.literal('provider.substituted'),
    kind: z.enum(['stt', 'llm', 'tts']),
    asked: z.string(),
    used: z.string(),
    reason: z.string(),
    hint: z.string(),
  }),
  /** The next of the document's choices answers, because the one before it failed or was too slow. */
  z.object({
    type: z.literal('provider.fallback'),
    kind: ProviderKind,
    from: z.string(),
    to: z.string(),
    reason: z.string(),
    /** How long the one before was waited for. */
    after_ms: z.number(),
    turn_id: TurnId.optional(),
  }),
  z.object({ type: z.literal('turn.started'), ...turn, index: z.int(), source: TurnSource, revision: Revision }),
  /** What was heard (or typed) in this turn. */
  z.object({ type: z.literal('transcript.final'), ...turn, text: z.string(), language: z.string().optional() }),
  z.object({ type: z.literal('field.done'), ...turn, field: z.string(), value: z.json(), problems: z.array(Problem) }),
  z.object({
    type: z.literal('output.done'),
    ...turn,
    output: z.record(z.string(), z.json()),
    raw: z.string(),
    parse: ParseKind,
    problems: z.array(Problem),
  }),
  /** The end of a turn: `spoken` is what the caller heard, which is less than was generated when interrupted. */
  z.object({
    type: z.literal('turn.committed'),
    ...turn,
    spoken: z.string(),
    interrupted: z.boolean(),
    times: TurnTimes,
    metrics: LiveKitMetrics,
    usage: Usage,
    /** One for each provider that worked in this turn. */
    cost: z.array(CostPart).optional(),
  }),
  z.object({ type: z.literal('agent.state'), state: AgentState }),
  z.object({ type: z.literal('user.state'), state: z.enum(['speaking', 'listening', 'away']) }),
  z.object({ type: z.literal('eot.prediction'), probability: z.number(), threshold: z.number(), inference_ms: z.number() }),
  z.object({
    type: z.literal('session.error'),
    source: z.enum(['stt', 'llm', 'tts', 'media', 'runtime', 'microphone', 'output', 'room', 'tool', 'extension']),
    error: ErrorBody,
    recoverable: z.boolean(),
    turn_id: TurnId.optional(),
  }),
  z.object({ type: z.literal('notice'), text: z.string(), level: z.enum(['info', 'warning']) }),
])
export const JournalEvent = z.intersection(
  z.object({ attempt: z.int().min(1), seq: z.int().min(1), at: Millis, at_ms: z.number() }),
  JournalBody,
)
export type JournalBody = Readonly<z.infer<typeof JournalBody>>
export type JournalEvent = Readonly<z.infer<typeof JournalEvent>>

/** Broadcast at once, never kept; a client that missed some gets a snapshot. */
export const DeltaEvent = z.intersection(
  z.object({ at_ms: z.number() }),
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('transcript.interim'), text: z.string() }),
    z.object({ type: z.literal('field.started'), ...turn, field: z.string() }),
    /** `text` is decoded text for a string field, JSON source for any other. */
    z.object({ type: z.literal('field.delta'), ...turn, field: z.string(), text: z.string() }),
    z.object({ type: z.literal('raw.delta'), ...turn, text: z.string() }),
    /** Transcript of the reply in step with what is heard. */
    z.object({ type: z.literal('speech.delta'), ...turn, text: z.string() }),
    z.object({ type: z.literal('turn.times'), ...turn, times: TurnTimes }),
  ]),
)
export type DeltaEvent = Readonly<z.infer<typeof DeltaEvent>>

export const SessionEvent = z.union([JournalEvent, DeltaEvent])
export type SessionEvent = JournalEvent | DeltaEvent

export const isJournalEvent = (event: SessionEvent): event is JournalEvent => 'seq' in event

/** Where a subscriber stands in a session's journal; (0, 0) is before everything. */
export const JournalPosition = z.object({ attempt: z.int().min(0), seq: z.int().min(0) })
export type JournalPosition = Readonly<z.infer<typeof JournalPosition>>
