import { sttProviderId, sttProviders, type SttProviderId } from '../../../core/providers/index.ts'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { ProviderScope } from '../provider-context.ts'
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
  rehearsal: ({ script, notice }) => ({
    mode: 'utterance',
    eager: false,
    async transcribe(pcm) {
      const line = script.next()
      if (line !== undefined) return line
      notice(
        'Rehearsal hears that you speak but does not understand words. Type what you say, or get the built-in speech in Models & keys.',
        'info',
      )
      return `[${(pcm.length / UP_SAMPLE_RATE).toFixed(1)} s of speech]`
    },
    context: { kind: 'stt', name: sttProviders.rehearsal.name },
  }),
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
