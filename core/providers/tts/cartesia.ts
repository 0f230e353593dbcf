import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, languageOption, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'https://api.cartesia.ai'
const KEY = 'env:CARTESIA_API_KEY'

const SONIC_3 =
  'en fr de es pt zh ja hi it ko nl pl ru sv tr tl bg ro ar cs el fi hr ms sk da ta uk hu no vi bn th he ka id te gu kn ml mr pa'
const sonic = { languages: SONIC_3.split(' '), sample_rates: [24_000] }
const voices: readonly Choice[] = [
  { value: 'f786b574-daa5-4673-aa0c-cbe3e8534c02', label: 'Katie', help: 'Steady, for agents' },
  { value: '228fca29-3a0a-435c-8728-5cb483251068', label: 'Kiefer', help: 'Steady, for agents' },
  { value: '6ccbfb76-1fc6-48f7-b71d-91ac6298247b', label: 'Tessa', help: 'Follows emotions best' },
  { value: 'c961b81c-a935-4c17-bfb3-ba2239de8c2f', label: 'Kyle', help: 'Follows emotions best' },
  { value: '9626c31c-bec5-4cca-baa8-f8ba9e84c8bc', label: 'Jacqueline' },
]

/** Paid for in credits whose price depends on the plan, so that no price per character can be named. */
export const cartesia: TtsProvider<'cartesia'> = {
  id: 'cartesia',
  kind: 'tts',
  name: 'Cartesia',
  aliases: ['cartesia.ai'],
  description: 'Sonic: quick voices in many languages; the voice-style field chooses one of its emotions, a pace and a volume.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://docs.cartesia.ai/api-reference/tts/bytes',
  models: [
    { id: 'sonic-3', label: 'Sonic 3', help: 'Emotion, speed and volume', ...sonic },
    { id: 'sonic-3.5', label: 'Sonic 3.5', help: 'Newer; speed and volume are switched off there for now', ...sonic },
    { id: 'sonic-3.6', label: 'Sonic 3.6', help: 'The newest', ...sonic },
    { id: 'sonic-2', label: 'Sonic 2', help: 'Older; no voice style', voice_style: 'none', sample_rates: [24_000] },
  ],
  voices,
  options: [
    modelOption('sonic-3'),
    voiceOption(voices, 'f786b574-daa5-4673-aa0c-cbe3e8534c02', true),
    speedOption(0.6, 1.5),
    instructionField,
    languageOption('en'),
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'enum-map' },
}
