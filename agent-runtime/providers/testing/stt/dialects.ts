import { isJsonObject, parseJson, type JsonObject } from '../../../../core/json.ts'
import { pcmOf, type Ear, type SttDialect } from './socket-server.ts'

const messageOf = (text: string): JsonObject => {
  const json = parseJson(text)
  return isJsonObject(json) ? json : {}
}
const bearerOf = ({ headers }: Pick<Ear, 'headers'>) => headers.authorization?.replace('Bearer ', '')
const base64Pcm = (value: unknown) => pcmOf(Buffer.from(String(value), 'base64'))

/** Tells `word` whenever one more word has been heard. */
function atEachWord(tell: (ear: Ear, text: string) => void) {
  let told = ''
  return {
    heard(ear: Ear) {
      const text = ear.soFar()
      if (text === told) return
      told = text
      tell(ear, text)
    },
    over: () => void (told = ''),
  }
}

/** https://developers.deepgram.com/reference/speech-to-text/listen-streaming and …/docs/finalize */
export function deepgramDialect(): SttDialect {
  const results = (ear: Ear, transcript: string, flags: JsonObject) =>
    ear.say({
      type: 'Results',
      channel_index: [0, 1],
      duration: 1,
      start: 0,
      is_final: false,
      speech_final: false,
      ...flags,
      channel: { alternatives: [{ transcript, confidence: 0.9, words: [] }] },
      metadata: { request_id: '1', model_info: { name: 'nova-3', version: '1', arch: 'nova-3' }, model_uuid: '2' },
    })
  const words = atEachWord((ear, text) => results(ear, text, {}))
  return {
    keyOf: ({ headers }) => headers.authorization?.replace('Token ', ''),
    binary(ear, data) {
      ear.add(pcmOf(data))
      words.heard(ear)
    },
    text(ear, message) {
      const { type } = messageOf(message)
      if (type === 'Finalize') {
        words.over()
        // In two pieces, as long utterances come: the last one says that it is the last.
        const [first = '', ...rest] = ear.end().split(' ')
        if (rest.length > 0) results(ear, first, { is_final: true })
        results(ear, rest.length > 0 ? rest.join(' ') : first, { is_final: true, from_finalize: true })
      }
      if (type === 'CloseStream') ear.close(1000, '')
    },
  }
}

/** https://developers.deepgram.com/docs/flux/own-turn-detection and …/docs/flux/state */
export function fluxDialect(): SttDialect {
  let turn_index = 0
  const info = (ear: Ear, event: string, transcript: string) =>
    ear.say({
      type: 'TurnInfo',
      request_id: '1',
      sequence_id: 0,
      event,
      turn_index,
      transcript,
      words: [],
      end_of_turn_confidence: 0.2,
    })
  const words = atEachWord((ear, text) => info(ear, 'Update', text))
  return {
    keyOf: ({ headers }) => headers.authorization?.replace('Token ', ''),
    open: (ear) => ear.say({ type: 'Connected', request_id: '1', sequence_id: 0 }),
    binary(ear, data) {
      ear.add(pcmOf(data))
      words.heard(ear)
    },
    text(ear, message) {
      const { type } = messageOf(message)
      if (type === 'ForceEndTurn') {
        words.over()
        const text = ear.end()
        // No turn in progress: it is ignored.
        if (text === '') return
        info(ear, 'EndOfTurn', text)
        turn_index += 1
      }
      if (type === 'CloseStream') ear.close(1000, '')
    },
  }
}

/** https://www.assemblyai.com/docs/streaming/message-sequence */
export function assemblyAiDialect(): SttDialect {
  let turn_order = 0
  const turn = (ear: Ear, transcript: string, flags: JsonObject) =>
    ear.say({
      type: 'Turn',
      turn_order,
      turn_is_formatted: false,
      end_of_turn: false,
      end_of_turn_confidence: 0.1,
      transcript,
      words: transcript.split(' ').map((text) => ({ text, word_is_final: true, start: 0, end: 1, confidence: 1 })),
      ...flags,
    })
  const words = atEachWord((ear, text) => turn(ear, text, {}))
  return {
    keyOf: ({ headers }) => headers.authorization,
    open: (ear) => ear.say({ type: 'Begin', id: '1', expires_at: 2_000_000_000 }),
    binary(ear, data) {
      const pcm = pcmOf(data)
      // They refuse pieces of less than 50 ms or more than a second.
      if (pcm.length < 800 || pcm.length > 16_000) return ear.close(3007, 'Input duration violation')
      ear.add(pcm)
      words.heard(ear)
    },
    text(ear, message) {
      const { type } = messageOf(message)
      if (type === 'ForceEndpoint') {
        words.over()
        const text = ear.end()
        if (text === '') return
        turn(ear, text, { end_of_turn: true })
        if (ear.query['format_turns'] === 'true') turn(ear, text, { end_of_turn: true, turn_is_formatted: true })
        turn_order += 1
      }
      if (type === 'Terminate') {
        ear.say({ type: 'Termination', audio_duration_seconds: 1, session_duration_seconds: 1 })
        ear.close(1000, '')
      }
    },
  }
}

/** https://docs.cartesia.ai/api-reference/stt/websocket: texts are pieces that follow each other as they stand. */
export function cartesiaDialect(): SttDialect {
  const transcript = (ear: Ear, text: string, is_final: boolean) =>
    ear.say({ type: 'transcript', is_final, request_id: '1', text, duration: 1, language: 'en' })
  const words = atEachWord((ear, text) => transcript(ear, text, false))
  return {
    keyOf: ({ headers }) => String(headers['x-api-key']),
    binary(ear, data) {
      ear.add(pcmOf(data))
      words.heard(ear)
    },
    text(ear, message) {
      if (message === 'finalize') {
        words.over()
        for (const [index, word] of ear.end().split(' ').entries()) transcript(ear, index === 0 ? word : ` ${word}`, true)
        ear.say({ type: 'flush_done', request_id: '1' })
      }
      if (message === 'close') {
        ear.say({ type: 'done', request_id: '1' })
        ear.close(1000, '')
      }
    },
  }
}

/** https://elevenlabs.io/docs/api-reference/speech-to-text/v-1-speech-to-text-realtime */
export function elevenLabsDialect(): SttDialect {
  const words = atEachWord((ear, text) => ear.say({ message_type: 'partial_transcript', text }))
  return {
    keyOf: ({ headers }) => String(headers['xi-api-key']),
    open: (ear) =>
      ear.say({ message_type: 'session_started', session_id: '1', config: { model_id: ear.query['model_id'] ?? '' } }),
    text(ear, text) {
      const message = messageOf(text)
      if (message['message_type'] !== 'input_audio_chunk' || message['sample_rate'] !== 16_000)
        return ear.say({ message_type: 'input_error', error: 'What is this?' })
      ear.add(base64Pcm(message['audio_base_64']))
      if (message['commit'] !== true) return words.heard(ear)
      words.over()
      const little = ear.utterance().length < 4800
      const said = ear.end()
      if (little) return ear.say({ message_type: 'commit_throttled', error: 'Commit request ignored: less than 0.3 s of audio.' })
      return ear.say({ message_type: 'committed_transcript', text: said })
    },
  }
}

/** https://developers.openai.com/api/docs/guides/realtime-transcription */
export function openAiLiveDialect(): SttDialect {
  const TRANSCRIPTION = 'conversation.item.input_audio_transcription'
  let item = 1
  let written = ''
  const words = atEachWord((ear, text) => {
    ear.say({ type: `${TRANSCRIPTION}.delta`, item_id: `item_${item}`, content_index: 0, delta: text.slice(written.length) })
    written = text
  })
  return {
    keyOf: bearerOf,
    open: (ear) => ear.say({ type: 'session.created', session: { type: 'transcription' } }),
    text(ear, text) {
      const message = messageOf(text)
      if (message['type'] === 'session.update') return ear.say({ type: 'session.updated', session: message['session'] ?? null })
      if (message['type'] === 'input_audio_buffer.append') {
        ear.add(slower(base64Pcm(message['audio'])))
        return words.heard(ear)
      }
      if (message['type'] !== 'input_audio_buffer.commit') return undefined
      if (ear.utterance().length < 1600)
        return ear.say({
          type: 'error',
          error: { type: 'invalid_request_error', code: 'input_audio_buffer_commit_empty', message: 'Too small.' },
        })
      ear.say({ type: 'input_audio_buffer.committed', item_id: `item_${item}` })
      ear.say({ type: `${TRANSCRIPTION}.completed`, item_id: `item_${item}`, content_index: 0, transcript: ear.end() })
      words.over()
      written = ''
      item += 1
      return undefined
    },
  }
}

/** 24 to 16 kHz, as far as a level needs it. */
const slower = (pcm: Int16Array) =>
  Int16Array.from({ length: Math.round((pcm.length * 2) / 3) }, (_, index) => pcm[Math.floor(index * 1.5)] ?? 0)

/** node_modules/@livekit/agents/src/inference/stt.ts and api_protos.ts */
export function liveKitDialect(isToken: (token: string) => boolean): SttDialect {
  const words = atEachWord((ear, transcript) => ear.say({ type: 'interim_transcript', transcript, session_id: '1' }))
  return {
    keyOf: (about) => (isToken(bearerOf(about) ?? '') ? 'livekit' : undefined),
    text(ear, text) {
      const message = messageOf(text)
      switch (message['type']) {
        case 'session.create':
          return ear.say({ type: 'session.created', session_id: '1' })
        case 'input_audio':
          ear.add(base64Pcm(message['audio']))
          return words.heard(ear)
        case 'session.finalize': {
          words.over()
          const transcript = ear.end()
          ear.say({ type: 'session.finalized' })
          return ear.say({ type: 'final_transcript', transcript, language: 'en', session_id: '1', words: null })
        }
        case 'session.close':
          ear.say({ type: 'session.closed', session_id: '1' })
          return ear.close(1000, '')
        default:
      }
    },
  }
}

/** https://github.com/collabora/WhisperLive, whisper_live/server.py and backend/base.py: 32-bit floats in, all segments out, again and again. */
export function whisperLiveDialect(): SttDialect {
  let uid: JsonObject[string] = null
  let heard = ''
  const segments = (ear: Ear, completed: boolean) => {
    const seconds = ear.all().length / 16_000
    const text = ` ${ear.soFar()}`
    const start = (ear.all().length - ear.utterance().length) / 16_000
    ear.say({ uid, segments: [{ start: start.toFixed(3), end: seconds.toFixed(3), text, completed }] })
  }
  return {
    keyOf: bearerOf,
    binary(ear, data) {
      const floats = new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
      ear.add(Int16Array.from(floats, (sample) => Math.round(sample * 32_768)))
      const text = ear.soFar()
      // A second of silence: it reads the same as before, and keeps what it has read.
      if (floats.length === 16_000 && floats.every((sample) => sample === 0)) {
        segments(ear, false)
        segments(ear, false)
        heard = ''
        ear.end()
      } else if (text !== heard) {
        heard = text
        segments(ear, false)
      }
    },
    text(ear, text) {
      ;({ uid = null } = messageOf(text))
      ear.say({ uid, message: 'SERVER_READY', backend: 'faster_whisper' })
    },
  }
}
