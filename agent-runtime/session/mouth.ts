import type { ReadableStream } from 'node:stream/web'
import { FlushSentinel, type llm } from '@livekit/agents'
import { TURN_ID } from './conversation.ts'
import type { Turn } from './turn.ts'

export type Reply = ReadableStream<llm.ChatChunk | string | FlushSentinel>
type Sink = (chunk: llm.ChatChunk | FlushSentinel) => void

/** What of a reply goes to the voice, the transcript and the history. */
export type Mouth = Readonly<{
  say: (text: string) => void
  /** Said while a tool runs: heard, and no part of the answer. */
  filler: (text: string) => void
  /** What was said so far is whole: the voice need not wait for more. */
  pause: () => void
  /** The LLM is asked again. */
  nextRound: () => void
  /** Some of the answer is on its way to the caller. */
  said: () => boolean
  saidInRound: () => boolean
}>

export function createMouth(turn: Turn, sink: Sink): Mouth {
  let [said, saidInRound, paused, any] = [false, false, false, false]
  const chunkOf = (content?: string): llm.ChatChunk => ({
    id: turn.turn_id,
    delta: { role: 'assistant', extra: { [TURN_ID]: turn.turn_id }, ...(content === undefined ? {} : { content }) },
  })
  const utter = (text: string) => {
    turn.mark('t4')
    // What comes behind a pause is another sentence.
    sink(chunkOf(paused && any && !/^\s/.test(text) ? ` ${text}` : text))
    paused = false
    any = true
  }
  // The history's message gets its turn from the first chunk, also when nothing is said.
  sink(chunkOf())
  return {
    say(text) {
      utter(text)
      said = saidInRound = true
    },
    filler(text) {
      if (any && !paused) sink(FlushSentinel)
      paused = true
      utter(text)
      sink(FlushSentinel)
      paused = true
    },
    pause() {
      if (!paused) sink(FlushSentinel)
      paused = true
    },
    nextRound: () => void (saidInRound = false),
    said: () => said,
    saidInRound: () => saidInRound,
  }
}
