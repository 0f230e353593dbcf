import { connectionOptions, needsKey } from '../connection-options.ts'
import type { SttProvider } from '../provider.ts'
import { languageOption, modelOption, patienceOption, STREAM_PATIENCE_MS, WHISPER_LANGUAGES } from './stt-options.ts'

const BASE_URL = 'https://api.cartesia.ai'
const KEY = 'env:CARTESIA_API_KEY'

/** Paid for in credits whose price depends on the plan, so that no price per minute can be named. */
export const cartesia: SttProvider<'cartesia'> = {
  id: 'cartesia',
  kind: 'stt',
  name: 'Cartesia',
  aliases: ['cartesia.ai'],
  description: 'Ink: hears while the caller speaks, and writes the words when it is told that the utterance has ended.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://docs.cartesia.ai/api-reference/stt/websocket',
  models: [
    { id: 'ink-2', label: 'Ink 2', help: 'The newest; English', streaming: true, languages: ['en'] },
    {
      id: 'ink-whisper',
      label: 'Ink Whisper',
      help: 'Many languages; no words before the end',
      streaming: true,
      languages: WHISPER_LANGUAGES,
    },
  ],
  options: [modelOption('ink-2'), languageOption, patienceOption(STREAM_PATIENCE_MS), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
