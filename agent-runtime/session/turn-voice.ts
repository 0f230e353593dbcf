import { inOrder, type Chain, type Choice } from '../providers/fallback/chain.ts'
import { giveUp } from '../providers/fallback/give-up.ts'
import { createPatience, untilAborted } from '../providers/fallback/patience.ts'
import { createInbox } from '../engines/inbox.ts'
import { EmptyAnswer } from '../providers/provider-failure.ts'
import type { SpeakOptions, SpokenChunk, Voice } from '../providers/tts/voice.ts'
import type { Turn } from './turn.ts'

/** Where it is told what the voices did. */
type Told = Pick<Turn, 'meter' | 'fellBack' | 'error'>

/** `style`: asked for each clause, when it is made. */
type Spoken = Readonly<Pick<SpeakOptions, 'signal'> & { style?: () => string | undefined }>
/** The speech of a clause, in the making by the choice at this place. */
type Made = {
  readonly text: string
  readonly place: number
  readonly chunks: AsyncIterable<SpokenChunk>
  readonly stop: AbortController
  /** Some of it was heard. */
  sounded: boolean
}

const ENDS_SENTENCE = /[.!?…。！？]["')\]]*\s*$/
const SAYS_SOMETHING = /[\p{L}\p{N}]/u

/**
 * The voice of one reply, and the next of the document's voices when it fails. A sentence has one voice: what a voice began and cannot
 * go on with gets a second try of the same voice, and is left out if that fails too. Nothing that was heard is said again.
 */
export class TurnVoice {
  readonly #turn: Told
  readonly #chain: Chain<Voice>
  readonly #options: Spoken
  readonly #order: Chain<Voice>['choices']
  #place = 0
  /** The present voice has been heard in the present sentence. */
  #begun = false
  /** The rest of this sentence is left out. */
  #skipping = false
  /** Clauses of the last voice that broke off: one is left out, a second one ends the reply. */
  #broken = 0

  constructor(turn: Told, chain: Chain<Voice>, options: Spoken) {
    this.#turn = turn
    this.#chain = chain
    this.#options = options
    this.#order = inOrder(chain, (fallback) => turn.fellBack(fallback))
  }

  /** Starts to make the speech of a clause before anybody asks for it; clauses are to be heard in order. */
  speak(text: string): AsyncIterable<SpokenChunk> {
    return this.#hear(this.#make(text))
  }

  async *#hear(made: Made): AsyncGenerator<SpokenChunk> {
    try {
      if (this.#skipping) made.stop.abort()
      else yield* this.#sound(made)
    } finally {
      if (ENDS_SENTENCE.test(made.text)) this.#begun = this.#skipping = false
    }
  }

  async *#sound(ahead: Made): AsyncGenerator<SpokenChunk> {
    // Another voice may have taken over since this was begun.
    let made = ahead.place === this.#place ? ahead : this.#makeAgain(ahead)
    for (let tries = 1; ; tries++) {
      const began = performance.now()
      try {
        return yield* this.#attempt(made)
      } catch (cause) {
        if (this.#options.signal.aborted) return
        const sameVoice = this.#begun && !made.sounded && tries === 1
        if (!sameVoice && !this.#moveOn(made, cause, began)) return
        made = this.#makeAgain(made)
      }
    }
  }

  async *#attempt(made: Made): AsyncGenerator<SpokenChunk, void> {
    const { signal } = this.#options
    const patience = createPatience(this.#order[made.place + 1] ? this.#chain.after_ms : undefined)
    try {
      for await (const chunk of untilAborted(made.chunks, AbortSignal.any([signal, patience.signal]))) {
        patience.stop()
        made.sounded = this.#begun = true
        yield chunk
      }
    } finally {
      patience.stop()
    }
    if (made.sounded) return this.#chain.circuit.worked(this.#choice(made.place))
    if (patience.signal.aborted) throw patience.signal.reason
    if (!signal.aborted && SAYS_SOMETHING.test(made.text)) throw new EmptyAnswer()
  }

  /** Whether the next voice says the clause. Throws when there is none and nothing of the clause was heard. */
  #moveOn(made: Made, cause: unknown, began: number): boolean {
    const choice = this.#choice(made.place)
    const next = this.#order[made.place + 1]
    const failed = giveUp(this.#chain, { choice, next, cause, began }, (fallback) => this.#turn.fellBack(fallback))
    if (!next && (!made.sounded || this.#broken++ > 0)) throw failed
    if (next) this.#place = made.place + 1
    if (next && !this.#begun) return true
    // With the voice that is left, the reply goes on behind the gap.
    this.#skipping = next !== undefined
    this.#turn.error('tts', failed.body)
    return false
  }

  #makeAgain(made: Made): Made {
    made.stop.abort()
    return this.#make(made.text)
  }

  #make(text: string): Made {
    const stop = new AbortController()
    const place = this.#place
    const choice = this.#choice(place)
    const instructions = this.#options.style?.()
    const options = {
      ...(instructions !== undefined && { instructions }),
      signal: AbortSignal.any([this.#options.signal, stop.signal]),
      retry: this.#order[place + 1] === undefined,
    }
    const chunks = buffered(metered(this.#turn, choice, text, choice.port.speak(text, options)))
    return { text, place, chunks, stop, sounded: false }
  }

  #choice(place: number): Choice<Voice> {
    return this.#order[place] ?? this.#order[0]
  }
}

/** Counted when the sound comes: an answer without sound is not paid. */
async function* metered(
  turn: Told,
  { kind, provider, model }: Choice<Voice>,
  text: string,
  chunks: AsyncIterable<SpokenChunk>,
): AsyncGenerator<SpokenChunk> {
  let tts_characters = text.length
  let [exact_ms, told_ms] = [0, 0]
  for await (const chunk of chunks) {
    exact_ms += (chunk.pcm.length * 1000) / chunk.sample_rate
    const tts_audio_ms = Math.round(exact_ms) - told_ms
    turn.meter({ kind, provider, model, usage: { tts_characters, tts_audio_ms } })
    tts_characters = 0
    told_ms += tts_audio_ms
    yield chunk
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
