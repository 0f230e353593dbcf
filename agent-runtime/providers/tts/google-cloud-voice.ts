import * as z from 'zod'
import type { ProviderScope } from '../provider-context.ts'
import type { SoundPiece } from './checked-speech.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000
const Answer = z.object({ audioContent: z.base64() })

/** LINEAR16 comes as a WAV, all at once, in base64. */
export function createGoogleCloudVoice(scope: ProviderScope): Voice {
  const { voice, speed, language, ...settings } = voiceSettings('google-cloud', scope)
  const { base_url, key } = settings.server
  const languageCode = /^[a-z]{2,3}-[A-Z]{2}/.exec(voice)?.[0] ?? language ?? 'en-US'
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    request: (text) => ({
      url: `${base_url}/text:synthesize`,
      headers: key === undefined ? {} : { 'x-goog-api-key': key },
      body: JSON.stringify({
        input: { text },
        voice: { languageCode, name: voice },
        audioConfig: { audioEncoding: 'LINEAR16', sampleRateHertz: SAMPLE_RATE, speakingRate: speed },
      }),
    }),
    async *sound(response): AsyncGenerator<SoundPiece> {
      const { audioContent } = Answer.parse(JSON.parse(await response.text()))
      yield { bytes: Buffer.from(audioContent, 'base64'), type: 'audio/wav' }
    },
  })
}
