import { ReadableStream } from 'node:stream/web'
import { AudioFrame } from '@livekit/rtc-node'
import { USERDATA_TIMED_TRANSCRIPT, voice } from '@livekit/agents'
import { voiceFieldsOf, voiceWords } from '../../core/agent/voice-words.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Field } from '../../core/output/field.ts'
import { findProvider, styleSent } from '../../core/providers/index.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import type { SpokenChunk, Voice } from '../providers/tts/voice.ts'
import { clauses } from './clauses.ts'
import { SPEECH_SAMPLE_RATE, createRateConverter, type RateConverter } from './rate-converter.ts'
import { TurnVoice } from './turn-voice.ts'
import type { Turn } from './turn.ts'

const FRAME_SAMPLES = SPEECH_SAMPLE_RATE / 50
/** Clauses that are made at the same time: the next one's waiting hides behind the one that is heard. */
const AT_ONCE = 2

type Notice = (text: string, level: 'info' | 'warning') => void

/** The turn's voice says the text: clause by clause, in frames of 20 ms, each clause with its place in the audio. */
export function speakTurn(turn: Turn, text: AsyncIterable<string>, notice: Notice): ReadableStream<AudioFrame> | null {
  const { voices } = turn.config
  if (!voices) return null
  const speaker = voices.choices[0].port
  const over = new AbortController()
  const stop = AbortSignal.any([over.signal, turn.cut])
  const turnVoice = new TurnVoice(turn, voices, { signal: stop, style: () => styleOf(turn, speaker, notice) })
  const frames = speakClauses(turnVoice, clauses(text))
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

/** A voice that does not do what an LLM asks of it is told of, once in a call; what rehearsal fills in means nothing. */
function styleOf(turn: Turn, speaker: Voice, notice: Notice): string | undefined {
  const { document } = turn.config
  const { tts_config, llm_config } = document
  const fields = voiceFieldsOf(document)
  const words = voiceWords(fields, turn.steering)
  const asked = fields.filter((field) => voiceWords([field], turn.steering) !== undefined && !isDefault(field, turn.steering))
  if (words === undefined || asked.length === 0 || findProvider('llm', llm_config.provider)?.is_ai === false) return words
  const named = asked.map(({ field_name }) => `"${field_name}"`).join(' and ')
  const one = asked.length === 1
  if (!speaker.steerable)
    notice(`${named} ${one ? 'does' : 'do'} not change this voice: ${speaker.context.name} takes no instructions.`, 'info')
  else if (styleSent(tts_config.provider, tts_config.model, words) === undefined)
    notice(`${named} asked for a style that ${speaker.context.name} does not have: the voice speaks as it is.`, 'info')
  return words
}

const isDefault = (field: Field, output: JsonObject) => field.default === output[field.field_name]

async function* speakClauses(turnVoice: TurnVoice, text: AsyncGenerator<string>): AsyncGenerator<AudioFrame> {
  let seconds = 0
  for await (const { clause, chunks } of ahead(text, (clause) => turnVoice.speak(clause))) {
    let label: string | undefined = clause
    for await (const pcm of framesOf(chunks, createRateConverter(FRAME_SAMPLES))) {
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
  let ended = false
  try {
    for await (const { pcm, sample_rate } of chunks) yield* converter.push(pcm, sample_rate)
    ended = true
    yield* converter.end()
  } finally {
    if (!ended) converter.end()
  }
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
