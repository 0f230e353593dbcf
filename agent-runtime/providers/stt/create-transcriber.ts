import { sttProviderId, type SttProviderId } from '../../../core/providers/index.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createRehearsalTranscriber } from '../rehearsal/rehearsal-transcriber.ts'
import { createAssemblyAiTranscriber } from './assemblyai.ts'
import { createBuiltinTranscriber } from './builtin-transcriber.ts'
import { createCartesiaTranscriber } from './cartesia.ts'
import { createDeepgramTranscriber } from './deepgram.ts'
import { createElevenLabsTranscriber } from './elevenlabs.ts'
import { createGoogleTranscriber } from './google-transcriber.ts'
import { createLiveKitTranscriber } from './livekit-inference.ts'
import { createOpenAi } from './openai-live.ts'
import { createOpenAiTranscriber } from './openai-transcriber.ts'
import type { Transcriber } from './transcriber.ts'
import { createWhisperHttp } from './whisper-http.ts'
import { createWhisperLive } from './whisper-live.ts'

const createStt: { readonly [Id in SttProviderId]: (scope: ProviderScope) => Transcriber } = {
  builtin: createBuiltinTranscriber,
  rehearsal: createRehearsalTranscriber,
  deepgram: createDeepgramTranscriber,
  openai: createOpenAi,
  elevenlabs: createElevenLabsTranscriber,
  'google-cloud': createGoogleTranscriber,
  assemblyai: createAssemblyAiTranscriber,
  cartesia: createCartesiaTranscriber,
  'whisper-http': createWhisperHttp,
  'whisper-live': createWhisperLive,
  livekit: createLiveKitTranscriber,
  'openai-compatible': createOpenAiTranscriber,
}

/** The STT that the document names. Throws StudioError for a provider that this build does not have. */
export function createTranscriber(scope: ProviderScope): Transcriber {
  const { provider } = scope.document.stt_config
  const id = sttProviderId(provider)
  if (id) return createStt[id](scope)
  const known = Object.keys(createStt).join(', ')
  throw new StudioError('unsupported', `There is no STT provider "${provider}"`, `Choose one of: ${known}.`)
}
