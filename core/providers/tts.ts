import type { TtsProvider } from './provider.ts'
import { asyncAi } from './tts/async.ts'
import { builtin } from './tts/builtin.ts'
import { cartesia } from './tts/cartesia.ts'
import { deepgram } from './tts/deepgram.ts'
import { elevenlabs } from './tts/elevenlabs.ts'
import { espeakNg } from './tts/espeak-ng.ts'
import { google } from './tts/google.ts'
import { googleCloud } from './tts/google-cloud.ts'
import { kokoro } from './tts/kokoro.ts'
import { livekit } from './tts/livekit.ts'
import { openai, openaiCompatible } from './tts/openai.ts'
import { piper } from './tts/piper.ts'
import { rehearsal } from './tts/rehearsal.ts'
import { xai } from './tts/xai.ts'

export type TtsProviderId =
  | 'builtin'
  | 'espeak-ng'
  | 'rehearsal'
  | 'openai'
  | 'elevenlabs'
  | 'cartesia'
  | 'deepgram'
  | 'google'
  | 'google-cloud'
  | 'xai'
  | 'async'
  | 'livekit'
  | 'piper'
  | 'kokoro'
  | 'openai-compatible'

/** In the order in which a picker shows them: what needs nothing from outside first, then clouds, then servers of one's own. */
export const ttsProviders: { readonly [Id in TtsProviderId]: TtsProvider<Id> } = {
  builtin,
  'espeak-ng': espeakNg,
  rehearsal,
  openai,
  elevenlabs,
  cartesia,
  deepgram,
  google,
  'google-cloud': googleCloud,
  xai,
  async: asyncAi,
  livekit,
  piper,
  kokoro,
  'openai-compatible': openaiCompatible,
}
