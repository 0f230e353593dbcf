import { connectionOptions, needsKey } from '../connection-options.ts'
import type { SttProvider } from '../provider.ts'
import { keytermsOption, languageOption, modelOption, patienceOption, perMinute, STREAM_PATIENCE_MS } from './stt-options.ts'

const BASE_URL = 'https://streaming.assemblyai.com'
const KEY = 'env:ASSEMBLYAI_API_KEY'
const HOUR = 60
const PRICES = 'https://www.assemblyai.com/pricing'
const price = perMinute('2026-07', PRICES)
const PRO = 'en es fr de it pt ar da nl fi he hi ja zh no sv tr vi'.split(' ')

export const assemblyai: SttProvider<'assemblyai'> = {
  id: 'assemblyai',
  kind: 'stt',
  name: 'AssemblyAI',
  aliases: ['assemblyai.com', 'assembly-ai', 'assembly.ai'],
  description: 'Hears while the caller speaks; it charges for the whole call from the first words on, silence included.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://www.assemblyai.com/docs/streaming/message-sequence',
  models: [
    {
      id: 'universal-streaming-english',
      label: 'Universal-Streaming (English)',
      help: 'Quick and cheap',
      price: price(0.15 / HOUR),
      streaming: true,
      languages: ['en'],
    },
    {
      id: 'universal-streaming-multilingual',
      label: 'Universal-Streaming (many languages)',
      help: 'Finds the language itself',
      price: price(0.15 / HOUR),
      streaming: true,
      languages: ['en', 'es', 'pt', 'de', 'fr', 'it'],
    },
    {
      id: 'universal-3-5-pro',
      label: 'Universal-3.5 Pro',
      help: 'More exact with names and numbers',
      price: price(0.45 / HOUR),
      streaming: true,
      languages: PRO,
    },
    {
      id: 'universal-3-6-pro',
      label: 'Universal-3.6 Pro',
      help: 'The newest',
      price: perMinute('2026-10', PRICES)(0.45 / HOUR),
      streaming: true,
    },
  ],
  options: [
    modelOption('universal-streaming-english'),
    languageOption,
    {
      key: 'format_turns',
      label: 'Punctuation and capitals',
      type: 'bool',
      default: true,
      advanced: true,
      help: 'Nicer to read, and a little later; Pro models always have them.',
    },
    keytermsOption,
    patienceOption(STREAM_PATIENCE_MS),
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
