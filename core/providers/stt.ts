import type { SttProvider } from './provider.ts'
import { assemblyai } from './stt/assemblyai.ts'
import { builtin } from './stt/builtin.ts'
import { cartesia } from './stt/cartesia.ts'
import { deepgram } from './stt/deepgram.ts'
import { elevenlabs } from './stt/elevenlabs.ts'
import { googleCloud } from './stt/google-cloud.ts'
import { livekit } from './stt/livekit.ts'
import { openai, openaiCompatible } from './stt/openai.ts'
import { rehearsal } from './stt/rehearsal.ts'
import { whisperHttp, whisperLive } from './stt/whisper.ts'

export type SttProviderId =
  | 'builtin'
  | 'rehearsal'
  | 'deepgram'
  | 'openai'
  | 'elevenlabs'
  | 'google-cloud'
  | 'assemblyai'
  | 'cartesia'
  | 'livekit'
  | 'whisper-http'
  | 'whisper-live'
  | 'openai-compatible'

/** In the order in which a picker shows them: what needs nothing from outside first, then clouds, then servers of one's own. */
export const sttProviders: { readonly [Id in SttProviderId]: SttProvider<Id> } = {
  builtin,
  rehearsal,
  deepgram,
  openai,
  elevenlabs,
  'google-cloud': googleCloud,
  assemblyai,
  cartesia,
  livekit,
  'whisper-http': whisperHttp,
  'whisper-live': whisperLive,
  'openai-compatible': openaiCompatible,
}
