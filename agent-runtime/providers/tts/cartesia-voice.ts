import { cartesiaStyle } from '../../../core/providers/index.ts'
import { bearer } from '../http.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000
const VERSION = '2026-03-01'

export function createCartesiaVoice(scope: ProviderScope): Voice {
  const { voice, speed, language, ...settings } = voiceSettings('cartesia', scope)
  const { base_url, key, model } = settings.server
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    request(transcript, instructions = '') {
      const generation_config = cartesiaStyle(instructions, speed)
      return {
        url: `${base_url}/tts/bytes`,
        headers: { ...bearer(key), 'cartesia-version': VERSION },
        body: JSON.stringify({
          model_id: model,
          transcript,
          voice: { mode: 'id', id: voice },
          output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: SAMPLE_RATE },
          language,
          generation_config: Object.keys(generation_config).length > 0 ? generation_config : undefined,
        }),
      }
    },
  })
}
