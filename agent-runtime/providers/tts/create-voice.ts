import { ttsProviderId, type TtsProviderId } from '../../../core/providers/index.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createRehearsalVoice } from '../rehearsal/rehearsal-voice.ts'
import { createAsyncVoice } from './async-voice.ts'
import { createCartesiaVoice } from './cartesia-voice.ts'
import { createDeepgramVoice } from './deepgram-voice.ts'
import { createElevenLabsVoice } from './elevenlabs-voice.ts'
import { createBuiltinVoice, createEspeakVoice } from './engine-voice.ts'
import { createGeminiVoice } from './gemini-voice.ts'
import { createGoogleCloudVoice } from './google-cloud-voice.ts'
import { createLiveKitVoice } from './livekit-voice.ts'
import { createOpenAiVoice } from './openai-voice.ts'
import { createPiperVoice } from './piper-voice.ts'
import type { Voice } from './voice.ts'
import { createXaiVoice } from './xai-voice.ts'

const createTts: { readonly [Id in TtsProviderId]: (scope: ProviderScope) => Voice } = {
  builtin: createBuiltinVoice,
  'espeak-ng': createEspeakVoice,
  rehearsal: createRehearsalVoice,
  openai: createOpenAiVoice('openai'),
  elevenlabs: createElevenLabsVoice,
  cartesia: createCartesiaVoice,
  deepgram: createDeepgramVoice,
  google: createGeminiVoice,
  'google-cloud': createGoogleCloudVoice,
  xai: createXaiVoice,
  async: createAsyncVoice,
  livekit: createLiveKitVoice,
  piper: createPiperVoice,
  kokoro: createOpenAiVoice('kokoro'),
  'openai-compatible': createOpenAiVoice('openai-compatible'),
}

/** The TTS that the document names. Throws StudioError for a provider that this build does not have. */
export function createVoice(scope: ProviderScope): Voice {
  const { provider } = scope.document.tts_config
  const id = ttsProviderId(provider)
  if (id) return createTts[id](scope)
  const known = Object.keys(createTts).join(', ')
  throw new StudioError('unsupported', `There is no TTS provider "${provider}"`, `Choose one of: ${known}.`)
}
