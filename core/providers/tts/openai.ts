import { connectionOptions, needsKey } from '../connection-options.ts'
import { OPENAI_BASE_URL, OPENAI_KEY, needsOpenAiKey, openaiConnection } from '../openai-connection.ts'
import type { Price } from '../price.ts'
import type { ProviderModel, TtsProvider } from '../provider.ts'
import { instructionField, modelOption, named, patienceOption, speedOption, voiceOption } from './options.ts'

const DOCUMENTATION = 'https://developers.openai.com/api/docs/guides/text-to-speech'
const MODELS = 'https://developers.openai.com/api/docs/models'
const perMillion = (usd: number): Price => ({ per: 'million_characters', usd, as_of: '2026-11', source: `${MODELS}/tts-1` })

const models: readonly ProviderModel[] = [
  {
    id: 'gpt-4o-mini-tts',
    label: 'gpt-4o-mini-tts',
    help: 'Follows the voice-style field',
    // Paid for in tokens of text and sound; a minute is OpenAI’s own estimate.
    price: { per: 'minute', usd: 0.015, as_of: '2026-11', source: `${MODELS}/gpt-4o-mini-tts` },
    sample_rates: [24_000],
  },
  {
    id: 'tts-1',
    label: 'tts-1',
    help: 'Quicker; no voice style',
    price: perMillion(15),
    voice_style: 'none',
    sample_rates: [24_000],
  },
  {
    id: 'tts-1-hd',
    label: 'tts-1-hd',
    help: 'Finer sound; no voice style',
    price: perMillion(30),
    voice_style: 'none',
    sample_rates: [24_000],
  },
]
const voices = named([
  ...['alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'fable', 'marin', 'nova', 'onyx', 'sage', 'shimmer', 'verse'],
])
const modelsEndpoint = { path: '/models', auth: 'bearer', list: 'data', id: 'id' } as const
const form = [
  modelOption('gpt-4o-mini-tts'),
  voiceOption(voices, 'ash', true),
  speedOption(0.25, 4),
  instructionField,
  patienceOption,
]

export const openai: TtsProvider<'openai'> = {
  id: 'openai',
  kind: 'tts',
  name: 'OpenAI',
  aliases: ['openai.com'],
  description: 'Natural voices that are told how to sound in plain words by the voice-style field.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsKey(OPENAI_KEY),
  models_endpoint: modelsEndpoint,
  documentation: DOCUMENTATION,
  models,
  voices,
  options: [...form, ...connectionOptions(OPENAI_BASE_URL, OPENAI_KEY)],
  capabilities: { streaming: true, voice_style: 'instructions' },
}

export const openaiCompatible: TtsProvider<'openai-compatible'> = {
  id: 'openai-compatible',
  kind: 'tts',
  name: 'OpenAI-compatible',
  aliases: ['openai.compatible', 'custom'],
  description: 'Any server with /audio/speech that can send raw PCM at 24 kHz or WAV; OpenAI’s own when no address is given.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsOpenAiKey,
  models_endpoint: modelsEndpoint,
  documentation: DOCUMENTATION,
  models,
  voices,
  options: [...form, ...openaiConnection],
  capabilities: { streaming: true, voice_style: 'instructions' },
}
