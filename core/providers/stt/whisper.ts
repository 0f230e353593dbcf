import type { ProviderOption, SttProvider } from '../provider.ts'
import {
  languageOption,
  modelOption,
  patienceOption,
  STREAM_PATIENCE_MS,
  UTTERANCE_PATIENCE_MS,
  WHISPER_LANGUAGES,
} from './stt-options.ts'

const HTTP_URL = 'http://127.0.0.1:8000'
const LIVE_URL = 'ws://127.0.0.1:9090'

const address = (placeholder: string, help: string): ProviderOption => ({
  key: 'base_url',
  label: 'Address',
  type: 'url',
  default: placeholder,
  placeholder,
  help,
})
const path = (placeholder: string, help: string): ProviderOption => ({
  key: 'path',
  label: 'Path',
  type: 'text',
  placeholder,
  advanced: true,
  help,
})
const key: ProviderOption = {
  key: 'api_key',
  label: 'Key',
  type: 'secret',
  placeholder: 'secret:whisper',
  advanced: true,
  help: 'A reference, when the server asks for one: it is sent as a bearer token.',
}
const models = ['small', 'large-v3-turbo', 'large-v3', 'medium', 'base', 'tiny'].map((id) => ({
  id,
  label: `Whisper ${id}`,
  help: 'If the server has it',
  languages: WHISPER_LANGUAGES,
}))

export const whisperHttp: SttProvider<'whisper-http'> = {
  id: 'whisper-http',
  kind: 'stt',
  name: 'Whisper server',
  aliases: ['whisper.local', 'whisper', 'faster-whisper', 'whisper-asr', 'whisper.cpp'],
  description:
    'A Whisper of your own by HTTP: speaches, faster-whisper-server, whisper.cpp, whisper-asr-webservice; ws:// for WhisperLive.',
  is_ai: true,
  network: 'to its address',
  base_url: HTTP_URL,
  needs: { kind: 'nothing' },
  models_endpoint: { path: '/v1/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://speaches.ai/usage/speech-to-text/',
  models,
  options: [
    address(HTTP_URL, 'Where the server listens; ws:// when it is WhisperLive.'),
    path('/v1/audio/transcriptions', 'Or /inference (whisper.cpp), or /asr (whisper-asr-webservice).'),
    modelOption('small'),
    languageOption,
    patienceOption(UTTERANCE_PATIENCE_MS),
    key,
  ],
  capabilities: { streaming: false, interim: false, languages: 'many' },
}

export const whisperLive: SttProvider<'whisper-live'> = {
  id: 'whisper-live',
  kind: 'stt',
  name: 'WhisperLive',
  aliases: ['whisperlive', 'whisper.live'],
  description:
    'A Whisper of your own that hears while the caller speaks, over ws://. It does not say when it is done, which costs about a second.',
  is_ai: true,
  network: 'to its address',
  base_url: LIVE_URL,
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/collabora/WhisperLive',
  models: models.map((model) => ({ ...model, streaming: true })),
  options: [
    address(LIVE_URL, 'Where the server listens.'),
    path('/', 'What follows the address, if anything.'),
    modelOption('small'),
    languageOption,
    patienceOption(STREAM_PATIENCE_MS),
    key,
  ],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
