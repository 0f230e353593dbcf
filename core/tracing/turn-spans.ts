import type { CostPart, JournalEvent } from '../contract/session-events.ts'
import { isJsonArray, type Json } from '../json.ts'
import { commonAttributes, cut, given, type TracedAgent, type TracedSession } from './traced-session.ts'
import { partIdOf, spanIdOf, type AttributeValue, type Attributes, type SpanEvent, type TraceSpan } from './trace-span.ts'
import type { TracedTool, TracedTurn } from './traced-turn.ts'

type Committed = Extract<JournalEvent, { type: 'turn.committed' }>

export type TurnTrace = Readonly<{
  session: TracedSession
  agent: TracedAgent
  turn: TracedTurn
  committed: Committed
  /** False: nothing that was said, written or asked is told. */
  content: boolean
}>

/** Spans of a turn by LiveKit's names; what models did in it by OpenTelemetry's conventions for generative AI. The turn itself comes first. */
export function turnSpans(trace: TurnTrace): readonly TraceSpan[] {
  const place = placeOf(trace)
  const children = [...hearing(trace), ...thinking(trace), ...tools(trace), ...speaking(trace)].map((part, index) =>
    place.child(part, index),
  )
  return [place.turn(children), ...children]
}

/** Before it has a place in the trace. `start` and `end`: ms on the session's clock. */
type Part = Pick<TraceSpan, 'name' | 'kind' | 'start' | 'end' | 'attributes' | 'error'>

function placeOf(trace: TurnTrace) {
  const { session, agent, turn, committed } = trace
  const wall = (ms: number): number => committed.at - committed.at_ms + ms
  const common = commonAttributes(session, agent)
  const fixed = { trace_id: session.trace_id }
  const span_id = spanIdOf(session.session_id, committed.turn_id)
  return {
    child: ({ start, end, attributes, ...part }: Part, index: number): TraceSpan => ({
      ...{ ...fixed, ...part, span_id: partIdOf(span_id, index), parent_id: span_id },
      ...{ start: wall(start), end: wall(Math.max(start, end)), attributes: { ...common, ...attributes }, events: [] },
    }),
    turn: (children: readonly TraceSpan[]): TraceSpan => {
      const { t0 = turn.started.at_ms } = committed.times
      const failed = turn.errors.find(({ recoverable }) => !recoverable) ?? (turn.output ? undefined : turn.errors[0])
      return {
        ...{ ...fixed, span_id, parent_id: session.span_id, name: 'agent_turn', kind: 'internal' },
        start: Math.min(wall(t0), ...children.map(({ start }) => start)),
        end: Math.max(committed.at, ...children.map(({ end }) => end)),
        attributes: { ...common, ...turnAttributes(trace) },
        events: turnEvents(trace, wall),
        ...(failed && { error: failed.error.code }),
      }
    },
  }
}

const json = (value: Json): string => cut(JSON.stringify(value))
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)
const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : to - from

function turnAttributes({ turn, committed, content, session }: TurnTrace): Attributes {
  const { times, metrics, usage } = committed
  const cost = costOf(committed.cost ?? [])
  const heard = turn.heard.join('\n')
  return {
    ...given({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.output.type': session.modality === 'voice' ? 'speech' : 'text',
      'gen_ai.usage.input_tokens': usage.prompt_tokens,
      'gen_ai.usage.output_tokens': usage.completion_tokens,
      'langfuse.observation.type': 'agent',
      'lk.generation_id': committed.turn_id,
      'lk.interrupted': committed.interrupted,
      'lk.e2e_latency': seconds(metrics.e2e_latency_ms),
      'greenroom.turn.index': turn.started.index,
      'greenroom.turn.source': turn.started.source,
      'greenroom.turn.silence_ms': between(times.t0, times.t6),
      'greenroom.turn.parse': turn.output?.parse,
      'greenroom.turn.problems': turn.output?.problems.length,
      'greenroom.cost_usd': cost,
    }),
    ...(content && {
      ...given({
        'lk.pii.user_input': heard === '' ? undefined : cut(heard),
        'lk.pii.response.text': committed.spoken === '' ? undefined : cut(committed.spoken),
        'langfuse.observation.input': heard === '' ? undefined : cut(heard),
        'langfuse.observation.output': turn.output ? json(turn.output.output) : committed.spoken || undefined,
      }),
      ...outputAttributes(turn),
    }),
  }
}

/** Each parsed field on its own, so that traces can be searched by what an agent has found out. */
const outputAttributes = ({ fields }: TracedTurn): Attributes =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [`greenroom.output.${field}`, attributeOf(value)]))

function attributeOf(value: Json): AttributeValue {
  if (typeof value === 'string') return cut(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (isJsonArray(value)) {
    if (value.every((item) => typeof item === 'string')) return value.map(cut)
    if (value.every((item) => typeof item === 'number')) return [...value]
  }
  return json(value)
}

function turnEvents({ turn, committed, content }: TurnTrace, wall: (ms: number) => number): readonly SpanEvent[] {
  const { t6 } = committed.times
  return [
    ...(t6 === undefined ? [] : [{ name: 'first_sound_heard', at: wall(t6), attributes: {} }]),
    ...turn.fallbacks.map(({ at, kind, from, to, after_ms }) => ({
      name: 'provider.fallback',
      at,
      attributes: { kind, from, to, after_ms },
    })),
    ...turn.errors.map(({ at, source, error }) => ({
      name: 'exception',
      at,
      attributes: { 'exception.type': error.code, source, ...(content && { 'exception.message': cut(error.message) }) },
    })),
  ].sort((a, b) => a.at - b.at)
}

function model({ agent, committed }: TurnTrace, kind: CostPart['kind']) {
  const parts = (committed.cost ?? []).filter((part) => part.kind === kind)
  const last = parts.at(-1)
  const { provider, model: name } = last ?? agent.models[kind]
  return {
    parts,
    attributes: given({
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': name === undefined || name === '' ? undefined : name,
      'greenroom.cost_usd': costOf(parts),
      'langfuse.observation.cost_details': costOf(parts) === undefined ? undefined : JSON.stringify({ total: costOf(parts) }),
    }),
  }
}

const costOf = (parts: readonly CostPart[]): number | undefined => {
  const known = parts.flatMap(({ nano_usd }) => (nano_usd === undefined ? [] : [nano_usd]))
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / 1e9
}

/** From the caller's first word to the decision that they are done. */
function hearing(trace: TurnTrace): readonly Part[] {
  const { turn, committed, content } = trace
  const { times, metrics, usage } = committed
  if (turn.started.source !== 'voice' || times.t0 === undefined) return []
  const { attributes } = model(trace, 'stt')
  return [
    {
      ...{ name: 'user_turn', kind: 'client', start: Math.max(0, times.t0 - (usage.stt_audio_ms ?? 0)) },
      end: times.t2 ?? times.t1 ?? times.t0,
      attributes: {
        ...attributes,
        ...given({
          'gen_ai.operation.name': 'speech_to_text',
          'lk.transcription_delay': seconds(metrics.transcription_delay_ms ?? between(times.t0, times.t1)),
          'lk.end_of_turn_delay': seconds(metrics.end_of_turn_delay_ms ?? between(times.t0, times.t2)),
          'greenroom.audio_ms': usage.stt_audio_ms,
          'langfuse.observation.type': 'generation',
          'langfuse.observation.model.name': attributes['gen_ai.request.model'],
          ...(content && turn.heard.length > 0 && { 'lk.pii.user_transcript': cut(turn.heard.join('\n')) }),
        }),
      },
    },
  ]
}

/** One for each time that the LLM was asked: once, and again after each round of tools. */
function thinking(trace: TurnTrace): readonly Part[] {
  const { turn, committed, content } = trace
  const { times, usage } = committed
  const { parts, attributes } = model(trace, 'llm')
  const failed = turn.errors.find(({ source }) => source === 'llm')
  if (times.t3 === undefined && parts.length === 0 && !failed) return []
  const begin = times.t2 ?? times.t1 ?? times.t0 ?? turn.started.at_ms
  const rounds = roundsOf(begin, [...turn.tools.values()], turn.output?.at_ms ?? failed?.at_ms ?? times.t5 ?? committed.at_ms)
  const heard = turn.heard.join('\n')
  return rounds.map(({ start, end }, index): Part => {
    const [isFirst, isLast] = [index === 0, index === rounds.length - 1]
    const first_token = isFirst ? between(start, times.t3) : undefined
    return {
      ...{ name: 'llm_node', kind: 'client', start, end },
      attributes: {
        ...attributes,
        ...given({
          'gen_ai.operation.name': 'chat',
          'gen_ai.output.type': 'json',
          'gen_ai.request.stream': true,
          'gen_ai.response.time_to_first_chunk': seconds(first_token),
          'lk.response.ttft': seconds(first_token),
          'greenroom.llm.round': index + 1,
          'langfuse.observation.type': 'generation',
          'langfuse.observation.model.name': attributes['gen_ai.request.model'],
          // Providers count the turn as a whole; it stands where it was known.
          ...(isLast && {
            'gen_ai.usage.input_tokens': usage.prompt_tokens,
            'gen_ai.usage.output_tokens': usage.completion_tokens,
            'gen_ai.usage.cache_read.input_tokens': usage.cached_tokens,
          }),
          ...(content &&
            isFirst &&
            heard !== '' && { 'gen_ai.input.messages': messages('user', heard), 'langfuse.observation.input': cut(heard) }),
          ...(content &&
            isLast &&
            turn.output && {
              'gen_ai.output.messages': messages('assistant', turn.output.raw, 'stop'),
              'langfuse.observation.output': cut(turn.output.raw),
            }),
        }),
      },
      ...(isLast && failed && !turn.output && { error: failed.error.code }),
    }
  })
}

const messages = (role: string, content: string, finish_reason?: string): string =>
  JSON.stringify([
    { role, parts: [{ type: 'text', content: cut(content) }], ...(finish_reason !== undefined && { finish_reason }) },
  ])

/** The times between the tools: those that run side by side are one pause. */
function roundsOf(
  begin: number,
  called: readonly TracedTool[],
  last: number,
): readonly Readonly<{ start: number; end: number }>[] {
  const rounds: { start: number; end: number }[] = []
  let start = begin
  let pause: number | undefined
  for (const { called: call, done } of [...called].sort((a, b) => a.called.at_ms - b.called.at_ms)) {
    if (pause === undefined || call.at_ms > pause) rounds.push({ start: pause ?? start, end: call.at_ms })
    pause = Math.max(pause ?? 0, done?.at_ms ?? call.at_ms)
    start = pause
  }
  if (pause === undefined || last > pause) rounds.push({ start, end: last })
  return rounds
}

const tools = ({ turn, committed, content }: TurnTrace): readonly Part[] =>
  [...turn.tools.values()].map(({ called, done }) => ({
    ...{ name: 'function_tool', kind: 'internal', start: called.at_ms, end: done?.at_ms ?? committed.at_ms },
    attributes: given({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': called.tool,
      'gen_ai.tool.call.id': called.call_id,
      'gen_ai.tool.type': called.kind === 'http' ? 'extension' : 'function',
      'lk.function_tool.is_error': done !== undefined && done.outcome !== 'ok' && done.outcome !== 'mocked',
      'greenroom.tool.kind': called.kind,
      'greenroom.tool.outcome': done?.outcome ?? 'unknown',
      'http.response.status_code': done?.status,
      'langfuse.observation.type': 'tool',
      ...(content && {
        'gen_ai.tool.call.arguments': json(called.arguments),
        'langfuse.observation.input': json(called.arguments),
        ...(done?.result !== undefined && {
          'gen_ai.tool.call.result': json(done.result),
          'langfuse.observation.output': json(done.result),
        }),
      }),
    }),
    ...(done?.error && { error: done.error.code }),
  }))

/** From the first words for the voice to its first sound, and what was then played. */
function speaking(trace: TurnTrace): readonly Part[] {
  const { session, committed, content } = trace
  const { t4, t5, t6 } = committed.times
  if (session.modality !== 'voice' || t4 === undefined || t5 === undefined) return []
  const { attributes } = model(trace, 'tts')
  const spoken = content && committed.spoken !== '' ? cut(committed.spoken) : undefined
  const { tts_characters, tts_audio_ms } = committed.usage
  return [
    {
      ...{ name: 'tts_node', kind: 'client', start: t4, end: t5 },
      attributes: {
        ...attributes,
        ...given({
          'gen_ai.operation.name': 'text_to_speech',
          'lk.response.ttfb': seconds(t5 - t4),
          'lk.tts.streaming': true,
          'greenroom.tts.characters': tts_characters,
          'greenroom.audio_ms': tts_audio_ms,
          'lk.pii.input_text': spoken,
          'langfuse.observation.type': 'generation',
          'langfuse.observation.model.name': attributes['gen_ai.request.model'],
        }),
      },
    },
    {
      ...{ name: 'agent_speaking', kind: 'internal', start: t6 ?? t5, end: committed.at_ms },
      attributes: given({ 'lk.interrupted': committed.interrupted, 'lk.pii.response.text': spoken }),
    },
  ]
}
