import type { ProviderScope } from '../provider-context.ts'
import { HttpFailure } from '../provider-failure.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

/** Its answer is a WAV, which names its own. */
const SAMPLE_RATE = 22_050
/** Newer servers have a page at `/`, older ones know only that. */
const PATHS = ['/synthesize', '/'] as const

export function createPiperVoice(scope: ProviderScope): Voice {
  const { voice, speed, ...settings } = voiceSettings('piper', scope)
  let known: (typeof PATHS)[number] = PATHS[0]
  const at = (path: string) =>
    createHttpVoice({
      ...settings,
      sample_rate: SAMPLE_RATE,
      request: (text) => ({
        url: settings.server.base_url + path,
        body: JSON.stringify({
          text,
          voice: voice === 'default' ? undefined : voice,
          length_scale: speed === undefined ? undefined : Math.round(100 / speed) / 100,
        }),
      }),
    })
  const [newer, older] = [at(PATHS[0]), at(PATHS[1])]
  return {
    ...newer,
    async *speak(text, options) {
      try {
        yield* (known === '/' ? older : newer).speak(text, options)
      } catch (cause) {
        const isUnknown = cause instanceof HttpFailure && (cause.status === 404 || cause.status === 405)
        if (!isUnknown || known === '/') throw cause
        yield* older.speak(text, options)
        known = '/'
      }
    },
  }
}
