import { OPENAI_BASE_URL, needsOpenAiKey, openaiConnection } from './openai-connection.ts'
import type { Choice, ProviderOption, TtsProvider } from './provider.ts'

export type TtsProviderId = 'builtin' | 'espeak-ng' | 'openai-compatible'

const voice = (choices: readonly Choice[], first: string, any = false): ProviderOption => ({
  key: 'voice_id',
  label: 'Voice',
  type: 'choice',
  default: first,
  any,
  choices,
  help: any ? 'Any voice that the server knows.' : 'What comes with it.',
})

const speed = (min: number, max: number): ProviderOption => ({
  key: 'speed',
  label: 'Speed',
  type: 'float',
  min,
  max,
  step: 0.05,
  default: 1,
  help: '1 is the voice’s own pace.',
})

const instructionField: ProviderOption = {
  key: 'instruction_field',
  label: 'Voice style from',
  type: 'text',
  default: 'voice_instructions',
  advanced: true,
  help: 'The field whose value says how the voice sounds; it has to stand before the spoken one.',
}

const builtinVoices: readonly Choice[] = [
  { value: 'piper-en_US-joe', label: 'Joe (American English)', help: 'Piper, medium, 63 MB' },
]

const espeakVoices: readonly Choice[] = [
  { value: 'en-us', label: 'English (America)' },
  { value: 'en-gb', label: 'English (Great Britain)' },
  { value: 'de', label: 'German' },
  { value: 'es', label: 'Spanish' },
  { value: 'fr-fr', label: 'French' },
  { value: 'it', label: 'Italian' },
  { value: 'pt-br', label: 'Portuguese (Brazil)' },
  { value: 'hi', label: 'Hindi' },
]

const OPENAI_VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer', 'verse']
const openaiVoices = OPENAI_VOICES.map((value) => ({ value, label: `${value.charAt(0).toUpperCase()}${value.slice(1)}` }))

export const ttsProviders: { readonly [Id in TtsProviderId]: TtsProvider<Id> } = {
  builtin: {
    id: 'builtin',
    kind: 'tts',
    name: 'Built-in (Piper)',
    aliases: [],
    description: 'A neural voice on this machine: offline, English, clear rather than expressive.',
    is_ai: true,
    network: 'never',
    needs: { kind: 'models', set_id: 'starter' },
    documentation: 'https://k2-fsa.github.io/sherpa/onnx/tts/piper.html',
    models: [],
    voices: builtinVoices,
    options: [voice(builtinVoices, 'piper-en_US-joe'), speed(0.5, 2), instructionField],
    capabilities: { streaming: true, voice_style: 'none' },
  },
  'espeak-ng': {
    id: 'espeak-ng',
    kind: 'tts',
    name: 'eSpeak NG',
    aliases: ['espeak'],
    description: 'A small rule-based voice on this machine: works at once in many languages and sounds like the robot it is.',
    is_ai: false,
    network: 'never',
    needs: { kind: 'nothing' },
    documentation: 'https://github.com/espeak-ng/espeak-ng/blob/master/docs/guide.md',
    models: [],
    voices: espeakVoices,
    options: [voice(espeakVoices, 'en-us', true), speed(0.5, 2), instructionField],
    capabilities: { streaming: false, voice_style: 'none' },
  },
  'openai-compatible': {
    id: 'openai-compatible',
    kind: 'tts',
    name: 'OpenAI-compatible',
    aliases: [],
    description: 'OpenAI, or any server with /audio/speech. gpt-4o-mini-tts is told how to sound by the voice-style field.',
    is_ai: true,
    network: 'to its address',
    base_url: OPENAI_BASE_URL,
    needs: needsOpenAiKey,
    models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
    documentation: 'https://platform.openai.com/docs/guides/text-to-speech',
    models: [
      { id: 'gpt-4o-mini-tts', label: 'gpt-4o-mini-tts', help: 'Follows the voice-style field' },
      { id: 'tts-1', label: 'tts-1', help: 'Quicker; no voice style', voice_style: 'none' },
      { id: 'tts-1-hd', label: 'tts-1-hd', help: 'Finer sound; no voice style', voice_style: 'none' },
    ],
    voices: openaiVoices,
    options: [
      {
        key: 'model',
        label: 'Model',
        type: 'model',
        default: 'gpt-4o-mini-tts',
        any: true,
        help: 'Any name that the server knows.',
      },
      voice(openaiVoices, 'ash', true),
      speed(0.25, 4),
      instructionField,
      ...openaiConnection,
    ],
    capabilities: { streaming: true, voice_style: 'instructions' },
  },
}
