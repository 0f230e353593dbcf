import { OPENAI_BASE_URL, needsOpenAiKey, openaiConnection } from './openai-connection.ts'
import type { ProviderOption, SttProvider } from './provider.ts'

export type SttProviderId = 'builtin' | 'openai-compatible' | 'rehearsal'

const language: ProviderOption = {
  key: 'language',
  label: 'Language',
  type: 'text',
  default: 'en',
  placeholder: 'en',
  help: 'What callers speak, as an ISO 639-1 code: en, de, es.',
}

export const sttProviders: { readonly [Id in SttProviderId]: SttProvider<Id> } = {
  builtin: {
    id: 'builtin',
    kind: 'stt',
    name: 'Built-in (Whisper)',
    aliases: [],
    description: 'Whisper tiny on this machine: offline, English, good enough to try an agent; not a call centre in the rain.',
    is_ai: true,
    network: 'never',
    needs: { kind: 'models', set_id: 'starter' },
    documentation: 'https://k2-fsa.github.io/sherpa/onnx/pretrained_models/whisper/index.html',
    models: [{ id: 'whisper-tiny.en', label: 'Whisper tiny (English)', help: '43 MB, about 0.1 s for a short sentence' }],
    options: [
      {
        key: 'model',
        label: 'Model',
        type: 'model',
        default: 'whisper-tiny.en',
        any: false,
        help: 'What is in the models folder.',
      },
    ],
    capabilities: { streaming: false, interim: true, languages: 'en' },
  },
  'openai-compatible': {
    id: 'openai-compatible',
    kind: 'stt',
    name: 'OpenAI-compatible',
    aliases: ['whisper.local'],
    description: 'OpenAI, or any server with /audio/transcriptions. A turn is sent when the caller has finished.',
    is_ai: true,
    network: 'to its address',
    base_url: OPENAI_BASE_URL,
    needs: needsOpenAiKey,
    models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
    documentation: 'https://platform.openai.com/docs/guides/speech-to-text',
    models: [
      { id: 'gpt-4o-mini-transcribe', label: 'gpt-4o-mini-transcribe', help: 'The quicker of the two' },
      { id: 'gpt-4o-transcribe', label: 'gpt-4o-transcribe', help: 'The more exact of the two' },
      { id: 'whisper-1', label: 'whisper-1', help: 'The name that most local servers understand' },
    ],
    options: [
      {
        key: 'model',
        label: 'Model',
        type: 'model',
        default: 'gpt-4o-mini-transcribe',
        any: true,
        help: 'Any name that the server knows.',
      },
      language,
      ...openaiConnection,
    ],
    capabilities: { streaming: false, interim: false, languages: 'many' },
  },
  rehearsal: {
    id: 'rehearsal',
    kind: 'stt',
    name: 'Rehearsal (no AI)',
    aliases: [],
    description:
      'Understands nothing: real voice detection notices that you have finished, and the next line of a script (or what you typed) counts as said.',
    is_ai: false,
    network: 'never',
    needs: { kind: 'nothing' },
    documentation: 'https://github.com/pipecat-ai/stt-benchmark',
    models: [],
    options: [],
    capabilities: { streaming: false, interim: false, languages: 'any' },
  },
}
