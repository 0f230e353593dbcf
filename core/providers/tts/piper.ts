import type { Choice, ProviderOption, TtsProvider } from '../provider.ts'
import { instructionField, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'http://127.0.0.1:5000'

const voices: readonly Choice[] = [
  { value: 'default', label: 'The server’s own', help: 'The one that it was started with' },
  { value: 'en_US-lessac-medium', label: 'Lessac (American English)' },
]
const address: ProviderOption = {
  key: 'base_url',
  label: 'Address',
  type: 'url',
  default: BASE_URL,
  placeholder: BASE_URL,
  help: 'Where the Piper server listens; it needs no key.',
}

export const piper: TtsProvider<'piper'> = {
  id: 'piper',
  kind: 'tts',
  name: 'Piper server',
  aliases: ['piper-http', 'piper1-gpl', 'rhasspy'],
  description: 'A Piper HTTP server on this machine or in its network: a clause comes when all of it is made.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/OHF-Voice/piper1-gpl/blob/main/docs/API_HTTP.md',
  models: [],
  voices,
  options: [voiceOption(voices, 'default', true), speedOption(0.5, 2), address, instructionField, patienceOption],
  capabilities: { streaming: false, voice_style: 'none' },
}
