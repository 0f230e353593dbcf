import { toError } from '../../core/to-error.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { EngineReply, EngineRequest } from '../../core/contract/engine.ts'
import type { EngineAddress } from '../../core/contract/runtime.ts'
import type { GenerateRequest, Generated } from './engine.ts'
import { EngineGone, openLink } from './engine-link.ts'
import type { EngineLink } from './engine-link.ts'
import type { Recording } from './recording.ts'

/** One stretch of speech: PCM16 mono at `sample_rate` Hz. */
export type SpeechChunk = Readonly<{ sample_rate: number; pcm: Int16Array }>

/** A speech engine as a session sees it; calls may overlap, and an engine that was restarted is found again. */
export type EngineClient = Readonly<{
  /** `pcm`: one utterance, 16 kHz mono. `model` empty: the engine's own; `interim`: only for show, never before what is final. Resolves to '' when nothing was said. Throws StudioError. */
  transcribe: (
    pcm: Int16Array,
    options: { language: string; model: string; interim?: boolean; signal?: AbortSignal },
  ) => Promise<string>
  /** A streaming model hears an utterance while it is recorded; resolves when that has ended and its words are known. Throws StudioError. */
  listen: (
    recording: Recording,
    options: { language: string; model: string; onInterim: (text: string) => void; signal?: AbortSignal },
  ) => Promise<string>
  /** `voice` and `model` empty: the engine's own; `speed` 1 is normal. Yields nothing for text without words. Throws StudioError. */
  synthesize: (
    text: string,
    options: { model?: string | undefined; voice: string; speed: number; signal?: AbortSignal },
  ) => AsyncIterable<SpeechChunk>
  /** What is written as it is written, then what it took; leaving early stops it. Throws StudioError. */
  generate: (request: GenerateRequest, signal?: AbortSignal) => AsyncIterable<Generated>
  close: () => void
}>

/** Connects at the first request and again whenever the connection was lost. */
export function connectEngine(address: EngineAddress): EngineClient {
  const closed = new AbortController()
  let link: Promise<EngineLink> | undefined
  let opened: EngineLink | undefined
  let lastId = 0

  function connected(): Promise<EngineLink> {
    if (opened && !opened.isOpen()) link = opened = undefined
    link ??= openLink(address, closed.signal).then(
      (fresh) => (opened = fresh),
      (cause: unknown) => {
        link = undefined
        throw cause
      },
    )
    return link
  }

  /** Everything that the engine answers to one request; leaving early cancels it. */
  async function* ask(
    begin: (link: EngineLink, id: number) => void,
    signal: AbortSignal,
  ): AsyncGenerator<EngineReply | Int16Array> {
    const link = await untilAborted(connected(), signal)
    const id = (lastId = (lastId + 1) >>> 0)
    const inbox = link.open(id)
    const abort = () => inbox.fail(toError(signal.reason))
    signal.addEventListener('abort', abort, { once: true })
    let finished = false
    try {
      begin(link, id)
      for await (const item of inbox.items()) {
        signal.throwIfAborted()
        finished = !(item instanceof Int16Array) && (item.type === 'transcript' || item.type === 'done' || item.type === 'error')
        yield checked(item)
        if (finished) return
      }
    } finally {
      signal.removeEventListener('abort', abort)
      link.forget(id)
      if (!finished && link.isOpen()) link.send({ type: 'cancel', id })
    }
  }

  const signalOf = (signal: AbortSignal | undefined) => (signal ? AbortSignal.any([signal, closed.signal]) : closed.signal)

  return {
    async transcribe(pcm, { language, model, interim = false, signal }) {
      const begin = (link: EngineLink, id: number) => {
        link.sendPcm(id, pcm)
        link.send({ type: 'transcribe', id, language, model, ...(interim ? { interim } : {}) })
      }
      for (let attempt = 1; ; attempt++) {
        try {
          for await (const item of ask(begin, signalOf(signal))) {
            if (!(item instanceof Int16Array) && item.type === 'transcript') return item.text
          }
          return ''
        } catch (cause) {
          if (!mayRepeat(cause, attempt)) throw translated(cause)
        }
      }
    },
    async listen(recording, { language, model, onInterim, signal }) {
      for (let attempt = 1; ; attempt++) {
        try {
          const begin = (link: EngineLink, id: number) => {
            link.send({ type: 'listen', id, language, model })
            passOn(recording, link, id)
          }
          for await (const item of ask(begin, signalOf(signal))) {
            if (item instanceof Int16Array) continue
            if (item.type === 'interim') onInterim(item.text)
            else if (item.type === 'transcript') return item.text
          }
          return ''
        } catch (cause) {
          if (!mayRepeat(cause, attempt)) throw translated(cause)
        } finally {
          recording.follow(undefined)
        }
      }
    },
    async *synthesize(text, { model, voice, speed, signal }) {
      const request = { type: 'synthesize', text, voice, speed, ...(model && { model }) } as const
      for (let attempt = 1, spoken = false; ; attempt++) {
        try {
          let sample_rate = 0
          for await (const item of ask((link, id) => link.send({ ...request, id } satisfies EngineRequest), signalOf(signal))) {
            if (item instanceof Int16Array) {
              spoken = true
              yield { sample_rate, pcm: item }
            } else if (item.type === 'audio_format') sample_rate = item.sample_rate
          }
          return
        } catch (cause) {
          if (spoken || !mayRepeat(cause, attempt)) throw translated(cause)
        }
      }
    },
    async *generate(request, signal) {
      for (let attempt = 1, written = false; ; attempt++) {
        try {
          const begin = (link: EngineLink, id: number) => link.send({ ...request, type: 'generate', id })
          for await (const item of ask(begin, signalOf(signal))) {
            if (item instanceof Int16Array) continue
            if (item.type === 'token') {
              written = true
              yield { text: item.text }
            } else if (item.type === 'done') yield { usage: usageOf(item) }
          }
          return
        } catch (cause) {
          if (written || !mayRepeat(cause, attempt)) throw translated(cause)
        }
      }
    },
    close: () => {
      closed.abort(new StudioError('cancelled', 'The speech engine was closed', 'Start the call again.'))
      opened?.close()
    },
  }
}

/** What is recorded, from its beginning and as it comes. */
function passOn(recording: Recording, link: EngineLink, id: number): void {
  let sent = 0
  let told = false
  const pass = () => {
    if (!link.isOpen() || told) return
    if (recording.length() > sent) link.sendPcm(id, recording.slice(sent, recording.length()))
    sent = recording.length()
    told = recording.ended()
    if (told) link.send({ type: 'finish', id })
  }
  recording.follow(pass)
  pass()
}

const usageOf = ({ prompt_tokens, cached_tokens, completion_tokens }: Extract<EngineReply, { type: 'done' }>) => ({
  prompt_tokens,
  cached_tokens,
  completion_tokens,
})

/** Once only: the input itself may be what ends the engine. */
const mayRepeat = (cause: unknown, attempt: number) => cause instanceof EngineGone && attempt === 1

const translated = (cause: unknown) =>
  cause instanceof EngineGone
    ? new StudioError('runtime_failed', 'The speech engine ended while it worked', 'It is started again; say it once more.', [], {
        cause,
      })
    : cause

function checked(item: EngineReply | Int16Array): EngineReply | Int16Array {
  if (!(item instanceof Int16Array) && item.type === 'error') {
    throw new StudioError('provider_failed', item.message, 'Choose another voice or model in Voice & models.')
  }
  return item
}

function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(toError(signal.reason))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
