import { elevenLabsStyle } from '../../../core/providers/index.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000

/** Audio tags stand in the text for models that know them; others get voice settings. */
export function createElevenLabsVoice(scope: ProviderScope): Voice {
  const { voice, speed, language, ...settings } = voiceSettings('elevenlabs', scope)
  const { base_url, key, model } = settings.server
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    request(text, instructions = '') {
      const { tags, voice_settings } = elevenLabsStyle(model, instructions, speed)
      return {
        url: `${base_url}/text-to-speech/${encodeURIComponent(voice)}/stream?output_format=pcm_${SAMPLE_RATE}`,
        headers: key === undefined ? {} : { 'xi-api-key': key },
        body: JSON.stringify({
          text: tags.map((tag) => `[${tag}] `).join('') + text,
          model_id: model,
          language_code: language,
          voice_settings: Object.keys(voice_settings).length > 0 ? voice_settings : undefined,
        }),
      }
    },
  })
}
