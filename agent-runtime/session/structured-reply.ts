import { ReadableStream } from 'node:stream/web'
import { FlushSentinel, type llm } from '@livekit/agents'
import type { ErrorBody } from '../../core/contract/errors.ts'
import { createOutputReader, type OutputReaderEvent } from '../../core/output/output-reader.ts'
import { validateField, validateOutput } from '../../core/output/validate-output.ts'
import { createPlainReader } from './plain-reader.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import { askModels, type ChatFor } from './ask-models.ts'
import { failureSentence } from './failure-sentence.ts'
import { TURN_ID } from './conversation.ts'
import type { Turn } from './turn.ts'

export type Reply = ReadableStream<llm.ChatChunk | string | FlushSentinel>
type Sink = (chunk: llm.ChatChunk | FlushSentinel) => void

/** Words that are fixed beforehand, such as the greeting: no LLM, no fields, and heard like any other reply. */
export function fixedReply(turn: Turn, text: string): Reply {
  return new ReadableStream({
    start(controller) {
      turn.mark('t4')
      controller.enqueue(chunkOf(turn, text))
      controller.close()
    },
  })
}

/**
 * The LLM's reply, read as it streams: fields and problems go to the report, and only the decoded text of the spoken field
 * goes on to the voice, the transcript and the history. The voice is told at once when that field ends, so that the fields
 * behind it never delay the last sentence.
 */
export function structuredReply(turn: Turn, chatFor: ChatFor): Reply {
  const gone = new AbortController()
  return new ReadableStream({
    async start(controller) {
      const sink: Sink = (chunk) => {
        if (!gone.signal.aborted) controller.enqueue(chunk)
      }
      sink(chunkOf(turn))
      await readReply(turn, chatFor, sink, gone.signal)
      if (!gone.signal.aborted) controller.close()
    },
    cancel: () => gone.abort(),
  })
}

async function readReply(turn: Turn, chatFor: ChatFor, sink: Sink, signal: AbortSignal): Promise<void> {
  const { models, document } = turn.config
  const { fields, spoken_field } = document.schema_config
  const reader = fields.length === 0 ? createPlainReader({ spoken_field }) : createOutputReader({ spoken_field })
  let failure: ErrorBody | undefined
  const take = (text: string) => {
    turn.mark('t3')
    turn.rawDelta(text)
    for (const event of reader.push(text)) tell(turn, event, sink, signal)
  }
  try {
    await askModels(turn, chatFor, signal, take)
  } catch (cause) {
    failure = providerFailure(models.choices[0].port.context, cause)
  }
  if (failure && !signal.aborted) turn.error('llm', failure)
  for (const event of reader.end()) tell(turn, event, sink, signal, failure !== undefined)
  if (!signal.aborted && !turn.cut.aborted) saySorry(turn, sink)
}

/** Whoever asked hears that there will be no answer, instead of a silence that could be anything. */
function saySorry(turn: Turn, sink: Sink): void {
  const { document } = turn.config
  const sentence = failureSentence(document)
  // A spoken field that is there and empty is a reply as well: the agent means to say nothing.
  const answered = turn.answered || typeof turn.output[document.schema_config.spoken_field] === 'string'
  if (answered || sentence === '') return
  turn.mark('t4')
  sink(chunkOf(turn, sentence))
}

function tell(turn: Turn, event: OutputReaderEvent, sink: Sink, signal: AbortSignal, failed = false): void {
  const { fields, spoken_field } = turn.config.document.schema_config
  switch (event.type) {
    case 'field.started':
      return turn.fieldStarted(event.field)
    case 'field.delta':
      turn.fieldDelta(event.field, event.text)
      if (event.field !== spoken_field) return
      turn.mark('t4')
      return sink(chunkOf(turn, event.text))
    case 'field.done': {
      const rule = fields.find(({ field_name }) => field_name === event.field)
      turn.fieldDone(event.field, event.value, rule ? validateField(rule, event.value) : [])
      return event.field === spoken_field ? sink(FlushSentinel) : undefined
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

/** The speech stands whatever the format was; the person who makes the agent is told what was wrong with it. */
function tellFlaw(turn: Turn, { parse, output, raw }: Extract<OutputReaderEvent, { type: 'object.done' }>): void {
  const { spoken_field } = turn.config.document.schema_config
  const name = turn.answering
  const flaw = (message: string, hint: string) => turn.error('output', { code: 'provider_failed', message, hint, problems: [] })
  if (raw.trim() === '')
    flaw(`The LLM (${name}) answered with nothing`, 'Try again; if it stays so, try another model or look at its log.')
  else if (parse === 'plain')
    flaw(
      `The LLM (${name}) answered with plain text instead of JSON; it was spoken as it is`,
      'Choose a model with structured output, or set structured output to "prompt" in Voice & models.',
    )
  else if (parse === 'truncated')
    flaw(`The reply of the LLM (${name}) stopped before its JSON was complete`, 'Raise max_tokens, or shorten the fields.')
  else if (parse === 'repaired')
    flaw(
      `The JSON of the LLM (${name}) was broken and has been repaired`,
      'If this happens often, choose a model with structured output.',
    )
  else if (typeof output[spoken_field] !== 'string')
    flaw(
      `The reply has no "${spoken_field}", so nothing was said`,
      'Name the field in the prompt, or choose a model with structured output.',
    )
}

const chunkOf = (turn: Turn, content?: string): llm.ChatChunk => ({
  id: turn.turn_id,
  delta: { role: 'assistant', extra: { [TURN_ID]: turn.turn_id }, ...(content === undefined ? {} : { content }) },
})
