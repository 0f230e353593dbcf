import { wrapInTags, xaiStyle } from '../../../core/providers/index.ts'
import { bearer } from '../http.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000

export function createXaiVoice(scope: ProviderScope): Voice {
  const { voice, speed, language = 'auto', ...settings } = voiceSettings('xai', scope)
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    request: (text, instructions = '') => ({
      url: `${settings.server.base_url}/tts`,
      headers: bearer(settings.server.key),
      body: JSON.stringify({
        text: wrapInTags(text, xaiStyle(instructions)),
        voice_id: voice,
        language,
        output_format: { codec: 'pcm', sample_rate: SAMPLE_RATE },
        // A smaller first piece: sooner, and hardly worse.
        optimize_streaming_latency: 1,
        speed,
      }),
    }),
  })
}
