import { connectionOptions, needsKey } from '../connection-options.ts'
import { OPENAI_BASE_URL, OPENAI_KEY, needsOpenAiKey, openaiConnection } from '../openai-connection.ts'
import type { SttProvider } from '../provider.ts'
import {
  languageOption,
  modelOption,
  patienceOption,
  perMinute,
  UTTERANCE_PATIENCE_MS,
  WHISPER_LANGUAGES,
} from './stt-options.ts'

const modelPage = (id: string) => perMinute('2026-11', `https://developers.openai.com/api/docs/models/${id}`)
const estimated = perMinute('2026-07', 'https://developers.openai.com/api/docs/pricing')
const models_endpoint = { path: '/models', auth: 'bearer', list: 'data', id: 'id' } as const

export const openai: SttProvider<'openai'> = {
  id: 'openai',
  kind: 'stt',
  name: 'OpenAI',
  aliases: ['openai.com'],
  description: 'Live models hear while the caller speaks; the others get an utterance when it has ended.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsKey(OPENAI_KEY),
  models_endpoint,
  documentation: 'https://developers.openai.com/api/docs/guides/realtime-transcription',
  models: [
    {
      id: 'gpt-live-transcribe',
      label: 'gpt-live-transcribe',
      help: 'Words while they are said',
      price: modelPage('gpt-live-transcribe')(0.017),
      streaming: true,
    },
    {
      id: 'gpt-realtime-whisper',
      label: 'gpt-realtime-whisper',
      help: 'Words while they are said; older',
      price: modelPage('gpt-realtime-whisper')(0.017),
      streaming: true,
    },
    {
      id: 'gpt-transcribe',
      label: 'gpt-transcribe',
      help: 'The most exact; one utterance at a time',
      price: modelPage('gpt-transcribe')(0.0045),
    },
    // Billed by token; this is the estimate of their price list.
    { id: 'gpt-4o-transcribe', label: 'gpt-4o-transcribe', help: 'Older; exact', price: estimated(0.006) },
    { id: 'gpt-4o-mini-transcribe', label: 'gpt-4o-mini-transcribe', help: 'Older; quick and cheap', price: estimated(0.003) },
    { id: 'whisper-1', label: 'whisper-1', help: 'The oldest', price: estimated(0.006), languages: WHISPER_LANGUAGES },
  ],
  options: [
    modelOption('gpt-live-transcribe'),
    languageOption,
    patienceOption(UTTERANCE_PATIENCE_MS),
    ...connectionOptions(OPENAI_BASE_URL, OPENAI_KEY),
  ],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}

export const openaiCompatible: SttProvider<'openai-compatible'> = {
  id: 'openai-compatible',
  kind: 'stt',
  name: 'OpenAI-compatible',
  aliases: ['openai.compatible'],
  description: 'Any server with /audio/transcriptions. An utterance is sent when the caller has finished.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsOpenAiKey,
  models_endpoint,
  documentation: 'https://platform.openai.com/docs/guides/speech-to-text',
  models: [
    { id: 'gpt-4o-mini-transcribe', label: 'gpt-4o-mini-transcribe', help: 'The quicker of the two', price: estimated(0.003) },
    { id: 'gpt-4o-transcribe', label: 'gpt-4o-transcribe', help: 'The more exact of the two', price: estimated(0.006) },
    { id: 'whisper-1', label: 'whisper-1', help: 'The name that most local servers understand', price: estimated(0.006) },
  ],
  options: [modelOption('gpt-4o-mini-transcribe'), languageOption, patienceOption(UTTERANCE_PATIENCE_MS), ...openaiConnection],
  capabilities: { streaming: false, interim: false, languages: 'many' },
}
