import { ReadableStream } from 'node:stream/web'
import { AudioFrame } from '@livekit/rtc-node'
import { USERDATA_TIMED_TRANSCRIPT, voice } from '@livekit/agents'
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
  const { voice: speaker, document } = turn.config
  if (!speaker) return null
  const instructions = styleOf(turn, document.tts_config.instruction_field)
  if (instructions && !speaker.steerable)
    notice(
      `"${document.tts_config.instruction_field}" does not change this voice: ${speaker.context.name} takes no instructions.`,
      'info',
    )
  const gone = new AbortController()
  const stop = AbortSignal.any([gone.signal, turn.cut])
  const frames = speakClauses(turn, speaker, clauses(text), { signal: stop, ...(instructions ? { instructions } : {}) })
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
      if (!gone.signal.aborted) controller.close()
    },
    cancel: () => gone.abort(),
  })
}

function styleOf(turn: Turn, field: string): string | undefined {
  const value = turn.output[field]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

type SpeakOptions = Readonly<{ signal: AbortSignal; instructions?: string }>

async function* speakClauses(
  turn: Turn,
  speaker: Voice,
  text: AsyncGenerator<string>,
  options: SpeakOptions,
): AsyncGenerator<AudioFrame> {
  let seconds = 0
  for await (const { clause, chunks } of ahead(text, (clause) => collect(turn, speaker, clause, options))) {
    let label: string | undefined = clause
    const converter = createRateConverter(FRAME_SAMPLES)
    for await (const pcm of framesOf(chunks, converter)) {
      const frame = new AudioFrame(pcm, SPEECH_SAMPLE_RATE, 1, pcm.length)
      if (label !== undefined)
        frame.userdata[USERDATA_TIMED_TRANSCRIPT] = [voice.createTimedString({ text: label, startTime: seconds })]
      label = undefined
      seconds += pcm.length / SPEECH_SAMPLE_RATE
      yield frame
    }
  }
}

async function* framesOf(chunks: AsyncIterable<SpokenChunk>, converter: RateConverter): AsyncGenerator<Int16Array> {
  for await (const { pcm, sample_rate } of chunks) yield* converter.push(pcm, sample_rate)
  yield* converter.end()
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
  for (let index = 0; index < AT_ONCE; index++) making.push(next())
  for (;;) {
    const clause = await making.shift()
    if (!clause) return
    yield clause
    making.push(next())
  }
}

/** An iterable that runs by itself; what it threw is thrown where it is read. */
function buffered<Item>(source: AsyncIterable<Item>): AsyncIterable<Item> {
  const { readable, writable } = new TransformStream<Item, Item>(undefined, undefined, { highWaterMark: Infinity })
  const writer = writable.getWriter()
  const pump = async () => {
    for await (const item of source) void writer.write(item)
    await writer.close()
  }
  pump().catch((cause: unknown) => writer.abort(cause).catch(() => {}))
  return readable
}
