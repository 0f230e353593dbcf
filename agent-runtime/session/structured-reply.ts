import { ReadableStream } from 'node:stream/web'
import type { llm } from '@livekit/agents'
import { writtenBySpeech } from '../../core/agent/voice-words.ts'
import type { ErrorBody } from '../../core/contract/errors.ts'
import { createOutputReader, type OutputReader, type OutputReaderEvent } from '../../core/output/output-reader.ts'
import { validateField, validateOutput } from '../../core/output/validate-output.ts'
import { createPlainReader } from './plain-reader.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import { newCallId, type ToolDesk } from '../tools/tool-desk.ts'
import type { ToolCall, ToolRound } from '../tools/tool-round.ts'
import { askModels, type ChatFor } from './ask-models.ts'
import { failureSentence } from './failure-sentence.ts'
import { createMouth, type Mouth, type Reply } from './mouth.ts'
import { tellFlaw, tellTooManyTools } from './reply-flaws.ts'
import type { Turn } from './turn.ts'

export type ReplyOptions = Readonly<{
  turn: Turn
  /** The conversation as one of the LLMs gets it, with what was called in this turn. */
  chatFor: (rounds: readonly ToolRound[]) => ChatFor
  tools: Pick<ToolDesk, 'run'>
}>

/** Calls of tools one after the other, before the agent has to answer. */
const MOST_ROUNDS = 8
/** At the same time. Nobody waits for more, and each of them may cost somebody something. */
const MOST_CALLS = 20

/** Words that are fixed beforehand, such as the greeting: no LLM, no fields, and heard like any other reply. */
export function fixedReply(turn: Turn, text: string): Reply {
  return new ReadableStream({
    start(controller) {
      const mouth = createMouth(turn, (chunk) => controller.enqueue(chunk))
      mouth.say(text)
      controller.close()
    },
  })
}

/**
 * The LLM's reply, read as it streams: fields and problems go to the report, and only the decoded text of the spoken field
 * goes on to the voice, the transcript and the history. The voice is told at once when that field ends, so that the fields
 * behind it never delay the last sentence. When the LLM calls tools, they are run and it is asked again; the output is that of
 * the last round, while what it said before a call is heard at once.
 */
export function structuredReply(options: ReplyOptions): Reply {
  const gone = new AbortController()
  return new ReadableStream({
    async start(controller) {
      const mouth = createMouth(options.turn, (chunk) => {
        if (!gone.signal.aborted) controller.enqueue(chunk)
      })
      await readReply(options, mouth, gone.signal)
      if (!gone.signal.aborted) controller.close()
    },
    cancel: () => gone.abort(),
  })
}

async function readReply({ turn, chatFor, tools }: ReplyOptions, mouth: Mouth, signal: AbortSignal): Promise<void> {
  const rounds: ToolRound[] = []
  for (;;) {
    const { rest, calls, failure } = await readRound(turn, chatFor(rounds), mouth, signal)
    const over = signal.aborted || turn.cut.aborted
    const last = calls.length === 0 || failure !== undefined || over || onlyGoodbye(turn, calls, mouth)
    if (last) for (const event of rest) tell(turn, event, mouth, signal, failure !== undefined)
    const text = last ? '' : finishWords(turn, rest, mouth)
    if (calls.length === 0 || failure || over) break
    if (rounds.length >= MOST_ROUNDS) {
      tellTooManyTools(turn, MOST_ROUNDS)
      break
    }
    const spoke = mouth.saidInRound()
    const run = await tools.run(turn, calls, {
      signal: AbortSignal.any([signal, turn.cut]),
      onSlow: (text) => {
        if (!spoke) mouth.filler(text)
      },
    })
    turn.tools = [...turn.tools, ...run.results]
    if (last || run.handed_over || signal.aborted || turn.cut.aborted) return
    rounds.push({ calls, results: run.results, text })
    turn.output = {}
    mouth.nextRound()
  }
  if (!signal.aborted && !turn.cut.aborted) saySorry(turn, mouth)
}

/** `rest`: what is told at the end of the round, when it is known whether it is the last. */
type Round = Readonly<{ rest: readonly OutputReaderEvent[]; calls: readonly ToolCall[]; failure: ErrorBody | undefined }>

async function readRound(turn: Turn, chatFor: ChatFor, mouth: Mouth, signal: AbortSignal): Promise<Round> {
  const { models } = turn.config
  const reader = createReader(turn)
  const calls: ToolCall[] = []
  const may_call = turn.config.tools.list.length > 0
  const output: OutputReaderEvent[] = []
  try {
    await askModels(turn, chatFor, signal, (piece) => {
      turn.mark('t3')
      if ('call' in piece) {
        if (calls.length < MOST_CALLS) calls.push(callOf(piece.call))
        return
      }
      turn.rawDelta(piece.text)
      for (const event of reader.push(piece.text)) {
        if (may_call && event.type === 'object.done') output.push(event)
        else tell(turn, event, mouth, signal)
      }
    })
    return { rest: [...output, ...reader.end()], calls, failure: undefined }
  } catch (cause) {
    const failure = providerFailure(models.choices[0].port.context, cause)
    if (!signal.aborted) turn.error('llm', failure)
    return { rest: [...output, ...reader.end()], calls: [], failure }
  }
}

const callOf = (source: llm.FunctionCall): ToolCall => ({ call_id: newCallId(), name: source.name, text: source.args, source })

function createReader(turn: Turn): OutputReader {
  const { fields, spoken_field } = turn.config.document.schema_config
  return fields.length === 0 ? createPlainReader({ spoken_field }) : createOutputReader({ spoken_field })
}

/** It has said goodbye and ends the call in one go: nothing more needs to be asked. */
function onlyGoodbye({ config }: Turn, calls: readonly ToolCall[], mouth: Mouth): boolean {
  const isEnd = ({ name }: ToolCall) => config.tools.list.some((tool) => tool.name === name && tool.type === 'end_call')
  return calls.every(isEnd) && mouth.saidInRound()
}

/** Before a tool: what was said so far is heard while it runs; the output comes with the last round. Returns what the LLM wrote. */
function finishWords(turn: Turn, rest: readonly OutputReaderEvent[], mouth: Mouth): string {
  const { spoken_field } = turn.config.document.schema_config
  let raw = ''
  for (const event of rest) {
    if (event.type === 'object.done') raw = event.raw
    if (event.type !== 'field.delta' || event.field !== spoken_field) continue
    turn.fieldDelta(event.field, event.text)
    mouth.say(event.text)
  }
  mouth.pause()
  return raw
}

/** Whoever asked hears that there will be no answer, instead of a silence that could be anything. */
function saySorry(turn: Turn, mouth: Mouth): void {
  const { document } = turn.config
  const sentence = failureSentence(document)
  // A spoken field that is there and empty is a reply as well: the agent means to say nothing.
  const answered = mouth.said() || typeof turn.output[document.schema_config.spoken_field] === 'string'
  if (!answered && sentence !== '') mouth.say(sentence)
}

function tell(turn: Turn, event: OutputReaderEvent, mouth: Mouth, signal: AbortSignal, failed = false): void {
  const { fields, spoken_field } = turn.config.document.schema_config
  switch (event.type) {
    case 'field.started':
      if (event.field === spoken_field) turn.steering = writtenBySpeech(turn.config.document, turn.output, turn.before)
      return turn.fieldStarted(event.field)
    case 'field.delta':
      turn.fieldDelta(event.field, event.text)
      return event.field === spoken_field ? mouth.say(event.text) : undefined
    case 'field.done': {
      const rule = fields.find(({ field_name }) => field_name === event.field)
      turn.fieldDone(event.field, event.value, rule ? validateField(rule, event.value) : [])
      return event.field === spoken_field ? mouth.pause() : undefined
    }
    case 'object.done': {
      // Plain words are what an agent without fields is expected to say.
      const unstructured = fields.length === 0
      const { output, problems } = unstructured ? { output: event.output, problems: [] } : validateOutput(fields, event.output)
      // Cut or failed before the first token: there is no output, and no fault of the model's either.
      if (event.raw === '' && (failed || signal.aborted || turn.cut.aborted)) return
      turn.outputDone({ output, raw: event.raw, parse: event.parse, problems })
      if (!unstructured && !failed && !signal.aborted && !turn.cut.aborted) tellFlaw(turn, event)
    }
  }
}
