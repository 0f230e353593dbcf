import { WebSocket, type RawData } from 'ws'
import * as z from 'zod'
import { toError } from '../../../core/to-error.ts'
import { liveKitStyle, wrapInTags } from '../../../core/providers/index.ts'
import { createInbox, type Inbox } from '../../engines/inbox.ts'
import { liveKitToken } from '../livekit-token.ts'
import { HttpFailure, SilentProvider } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { reasonOf } from '../http.ts'
import { checkedSpeech, type SoundPiece } from './checked-speech.ts'
import { hasWords, patienceOf } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000

const Event = z.looseObject({ type: z.string(), audio: z.base64().optional(), message: z.string().optional() })

/** LiveKit’s gateway has a WebSocket only: one session for each clause, as its events allow no two at a time. */
export function createLiveKitVoice(scope: ProviderScope): Voice {
  const { server, voice, speed, language, steerable, patience_ms } = voiceSettings('livekit', scope)
  const { base_url, key, secret, model, context } = server
  const address = `${base_url.replace(/^http/, 'ws')}/tts?model=${encodeURIComponent(model)}`
  return {
    steerable,
    context,
    async *speak(text, { signal, instructions = '' }) {
      if (!hasWords(text)) return
      const { extra, tags } = liveKitStyle(model, steerable ? instructions : '', speed)
      const chosen = { model, voice, ...(language === undefined ? {} : { language }) }
      const messages = [
        { type: 'session.create', sample_rate: String(SAMPLE_RATE), encoding: 'pcm_s16le', ...chosen, extra },
        { type: 'input_transcript', transcript: wrapInTags(text, tags), generation_config: chosen, extra },
        { type: 'session.flush' },
      ]
      const authorization = key && secret ? { authorization: `Bearer ${liveKitToken(key, secret)}` } : {}
      const pieces = converse({ address, headers: authorization, messages, patience_ms: patienceOf(patience_ms), signal })
      yield* checkedSpeech(pieces, { sample_rate: SAMPLE_RATE, context })
    },
  }
}

type Conversation = Readonly<{
  address: string
  headers: Readonly<Record<string, string>>
  messages: readonly Readonly<Record<string, unknown>>[]
  patience_ms: number
  signal: AbortSignal
}>

type Answers = Inbox<SoundPiece | 'end'>

/** Says it all at once and gives out the sound as it comes, until `done`; leaving early closes the connection. */
async function* converse({ address, headers, messages, patience_ms, signal }: Conversation): AsyncGenerator<SoundPiece> {
  signal.throwIfAborted()
  const inbox: Answers = createInbox()
  const socket = new WebSocket(address, { headers, followRedirects: false })
  const { fail } = inbox
  const abort = () => fail(toError(signal.reason))
  const silent = () => fail(new SilentProvider(patience_ms))
  let patience = setTimeout(silent, patience_ms)
  signal.addEventListener('abort', abort, { once: true })
  socket.on('open', () => messages.forEach((message) => socket.send(JSON.stringify(message))))
  socket.on('unexpected-response', (_request, response) => {
    let body = ''
    const refused = () => fail(new HttpFailure(response.statusCode ?? 500, reasonOf(body, headers), retryAfter(response.headers)))
    response.on('data', (part: Buffer) => (body += part.toString('utf8')))
    response.once('end', refused)
    response.once('error', refused)
  })
  socket.on('message', (data) => {
    clearTimeout(patience)
    patience = setTimeout(silent, patience_ms)
    receive(data, inbox)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The connection was closed before all of it was said: premature close')))
  try {
    for await (const item of inbox.items()) {
      if (item === 'end') return
      yield item
    }
  } finally {
    clearTimeout(patience)
    signal.removeEventListener('abort', abort)
    socket.terminate()
  }
}

function receive(data: RawData, inbox: Answers): void {
  let event: z.infer<typeof Event>
  try {
    event = Event.parse(JSON.parse(textOf(data)))
  } catch (cause) {
    return inbox.fail(toError(cause))
  }
  if (event.type === 'output_audio' && event.audio !== undefined)
    inbox.push({ bytes: Buffer.from(event.audio, 'base64'), type: '' })
  else if (event.type === 'done' || event.type === 'session.closed') inbox.push('end')
  else if (event.type === 'error') inbox.fail(new HttpFailure(400, event.message ?? ''))
}

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8')

const retryAfter = ({ 'retry-after': seconds }: Readonly<Record<string, unknown>>): number | undefined =>
  Number(seconds) > 0 ? Number(seconds) * 1000 : undefined
