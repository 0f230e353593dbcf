import type { TtsProviderId } from '../../../core/providers/index.ts'
import { bearer } from '../http.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

/** What `response_format: pcm` means there. */
const SAMPLE_RATE = 24_000

/** OpenAI, and every server with /audio/speech such as Kokoro-FastAPI; the audio is passed on as it comes. */
export const createOpenAiVoice =
  (id: Extract<TtsProviderId, 'openai' | 'openai-compatible' | 'kokoro'>) =>
  (scope: ProviderScope): Voice => {
    const { voice, speed, ...settings } = voiceSettings(id, scope)
    return createHttpVoice({
      ...settings,
      sample_rate: SAMPLE_RATE,
      may_differ: true,
      request: (input, instructions) => ({
        url: `${settings.server.base_url}/audio/speech`,
        headers: bearer(settings.server.key),
        body: JSON.stringify({
          model: settings.server.model,
          voice,
          input,
          response_format: 'pcm',
          speed,
          instructions: instructions || undefined,
          // Kokoro-FastAPI sends the whole of it at once without.
          stream: id === 'kokoro' ? true : undefined,
        }),
      }),
    })
  }
