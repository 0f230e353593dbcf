import { ReadableStream } from 'node:stream/web'
import { AudioFrame } from '@livekit/rtc-node'
import { USERDATA_TIMED_TRANSCRIPT, voice } from '@livekit/agents'
import { findProvider, styleSent } from '../../core/providers/index.ts'
import { createInbox } from '../engines/inbox.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import type { SpokenChunk, Voice } from '../providers/tts/voice.ts'
import { clauses } from './clauses.ts'
import { SPEECH_SAMPLE_RATE, createRateConverter, type RateConverter } from './rate-converter.ts'
import type { Turn } from './turn.ts'

const FRAME_SAMPLES = SPEECH_SAMPLE_RATE / 50
/** Clauses that are made at the same time: the next one's waiting hides behind the one that is heard. */
const AT_ONCE = 2

type Notice = (text: string, level: 'info' | 'warning') => void

/** The turn's voice says the text: clause by clause, in frames of 20 ms, each clause with its place in the audio. */
export function speakTurn(turn: Turn, text: AsyncIterable<string>, notice: Notice): ReadableStream<AudioFrame> | null {
  const { voice: speaker } = turn.config
  if (!speaker) return null
  const instructions = styleOf(turn)
  if (instructions) tellOfStyle(turn, speaker, instructions, notice)
  const over = new AbortController()
  const stop = AbortSignal.any([over.signal, turn.cut])
  const frames = speakClauses(turn, speaker, clauses(text), { signal: stop, ...(instructions ? { instructions } : {}) })
  let gone = false
  return new ReadableStream<AudioFrame>({
    async start(controller) {
      try {
        for await (const frame of frames) {
          if (stop.aborted) break
          turn.mark('t5')
          controller.enqueue(frame)
        }
      } catch (cause) {
        if (!stop.aborted) turn.error('tts', providerFailure(speaker.context, cause))
      }
      // The clauses behind one that failed are in the making.
      over.abort()
      if (!gone) controller.close()
    },
    cancel() {
      gone = true
      over.abort()
    },
  })
}

function styleOf(turn: Turn): string | undefined {
  const value = turn.output[turn.config.document.tts_config.instruction_field]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** A voice that does not do what an LLM asks of it is told of, once; what rehearsal fills in means nothing. */
function tellOfStyle(turn: Turn, speaker: Voice, instructions: string, notice: Notice): void {
  const { tts_config, llm_config, schema_config } = turn.config.document
  const field = schema_config.fields.find(({ field_name }) => field_name === tts_config.instruction_field)
  if (!field || field.default === instructions || findProvider('llm', llm_config.provider)?.is_ai === false) return
  const named = `"${tts_config.instruction_field}"`
  if (!speaker.steerable) notice(`${named} does not change this voice: ${speaker.context.name} takes no instructions.`, 'info')
  else if (styleSent(tts_config.provider, tts_config.model, instructions) === undefined)
    notice(`${named} asked for a style that ${speaker.context.name} does not have: the voice speaks as it is.`, 'info')
}

type SpeakOptions = Readonly<{ signal: AbortSignal; instructions?: string }>

/** One clause that breaks off is left; a second one, or one that never began, ends the reply. */
const BROKEN_CLAUSES = 1

async function* speakClauses(
  turn: Turn,
  speaker: Voice,
  text: AsyncGenerator<string>,
  options: SpeakOptions,
): AsyncGenerator<AudioFrame> {
  let seconds = 0
  let broken = 0
  for await (const { clause, chunks } of ahead(text, (clause) => collect(turn, speaker, clause, options))) {
    let label: string | undefined = clause
    try {
      for await (const pcm of framesOf(chunks, createRateConverter(FRAME_SAMPLES))) {
        const frame = new AudioFrame(pcm, SPEECH_SAMPLE_RATE, 1, pcm.length)
        if (label !== undefined)
          frame.userdata[USERDATA_TIMED_TRANSCRIPT] = [voice.createTimedString({ text: label, startTime: seconds })]
        label = undefined
        seconds += pcm.length / SPEECH_SAMPLE_RATE
        yield frame
      }
    } catch (cause) {
      if (options.signal.aborted || label !== undefined || ++broken > BROKEN_CLAUSES) throw cause
      turn.error('tts', providerFailure(speaker.context, cause))
    }
  }
}

async function* framesOf(chunks: AsyncIterable<SpokenChunk>, converter: RateConverter): AsyncGenerator<Int16Array> {
  let ended = false
  try {
    for await (const { pcm, sample_rate } of chunks) yield* converter.push(pcm, sample_rate)
    ended = true
    yield* converter.end()
  } finally {
    if (!ended) converter.end()
  }
}

/** Starts to make the speech of a clause before anybody asks for it. */
function collect(turn: Turn, speaker: Voice, clause: string, options: SpeakOptions): AsyncIterable<SpokenChunk> {
  turn.spokeCharacters(clause.length)
  return buffered(speaker.speak(clause, options))
}

type Clause = Readonly<{ clause: string; chunks: AsyncIterable<SpokenChunk> }>

/** Keeps up to AT_ONCE clauses in the making, and gives them out in order. */
async function* ahead(
  text: AsyncGenerator<string>,
  start: (clause: string) => AsyncIterable<SpokenChunk>,
): AsyncGenerator<Clause> {
  const making: Promise<Clause | undefined>[] = []
  const next = () => text.next().then(({ done, value }) => (done ? undefined : { clause: value, chunks: start(value) }))
  const begin = () => {
    const clause = next()
    // It is read later, or never when the speech is over before.
    clause.catch(() => {})
    making.push(clause)
  }
  for (let index = 0; index < AT_ONCE; index++) begin()
  for (;;) {
    const clause = await making.shift()
    if (!clause) return
    yield clause
    begin()
  }
}

/** An iterable that runs by itself; what it threw is thrown where it is read. */
function buffered<Item extends object>(source: AsyncIterable<Item>): AsyncIterable<Item> {
  const inbox = createInbox<Item | 'end'>()
  const pump = async () => {
    for await (const item of source) inbox.push(item)
    inbox.push('end')
  }
  pump().catch((cause: unknown) => inbox.fail(cause instanceof Error ? cause : new Error(String(cause))))
  return untilEnd(inbox.items())
}

async function* untilEnd<Item>(items: AsyncIterable<Item | 'end'>): AsyncGenerator<Item> {
  for await (const item of items) {
    if (item === 'end') return
    yield item
  }
}
