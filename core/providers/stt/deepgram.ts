import { connectionOptions, needsKey } from '../connection-options.ts'
import type { SttProvider } from '../provider.ts'
import { keytermsOption, languageOption, modelOption, patienceOption, perMinute, STREAM_PATIENCE_MS } from './stt-options.ts'

const BASE_URL = 'https://api.deepgram.com'
const KEY = 'env:DEEPGRAM_API_KEY'
const price = perMinute('2026-07', 'https://deepgram.com/pricing')
const NOVA_3 =
  'en es fr de hi ru pt ja it nl ar be bg bn bs ca cs da el et fa fi he hr hu id kn ko lt lv mk mr ms no pl ro sk sl sr sv ta te th tl tr uk ur vi zh multi'

export const deepgram: SttProvider<'deepgram'> = {
  id: 'deepgram',
  kind: 'stt',
  name: 'Deepgram',
  aliases: ['deepgram.com'],
  description: 'Hears while the caller speaks, and is asked for the last words the moment our voice detection hears the end.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/v1/models', auth: 'token', list: 'stt', id: 'canonical_name' },
  documentation: 'https://developers.deepgram.com/reference/speech-to-text/listen-streaming',
  models: [
    // One price for English alone, a higher one for all other languages: only what is sure is said.
    {
      id: 'nova-3',
      label: 'Nova-3',
      help: 'English; other languages cost a fifth more',
      price: price(0.0048),
      streaming: true,
      languages: NOVA_3.split(' '),
    },
    { id: 'nova-3-medical', label: 'Nova-3 Medical', help: 'English of clinics', streaming: true, languages: ['en'] },
    {
      id: 'flux-general-en',
      label: 'Flux (English)',
      help: 'Made for agents',
      price: price(0.0065),
      streaming: true,
      languages: ['en'],
    },
    {
      id: 'flux-general-multi',
      label: 'Flux (many languages)',
      help: 'Made for agents; the language is a hint',
      price: price(0.0078),
      streaming: true,
      languages: ['en', 'es', 'fr', 'de', 'hi', 'ru', 'pt', 'ja', 'it', 'nl'],
    },
    { id: 'nova-2', label: 'Nova-2', help: 'Older', streaming: true },
  ],
  options: [
    modelOption('nova-3'),
    languageOption,
    {
      key: 'smart_format',
      label: 'Write numbers and dates as figures',
      type: 'bool',
      default: false,
      advanced: true,
      help: '“May third” becomes 05/03; not of Flux.',
    },
    keytermsOption,
    patienceOption(STREAM_PATIENCE_MS),
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
