import type { ProviderScope } from '../provider-context.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000

/** There the voice is the model: `aura-2-thalia-en`; a bare name such as `thalia-en` is completed. Flux has an address of its own. */
export function createDeepgramVoice(scope: ProviderScope): Voice {
  const { voice, speed, ...settings } = voiceSettings('deepgram', scope)
  const { base_url, key, model } = settings.server
  const name = /^(?:aura|flux)-/.test(voice) ? voice : `${model}-${voice}`
  const isFlux = name.startsWith('flux')
  const query = new URLSearchParams({
    model: name,
    encoding: 'linear16',
    sample_rate: String(SAMPLE_RATE),
    container: 'none',
    ...(speed === undefined || speed === 1 || isFlux ? {} : { speed: String(speed) }),
  })
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    request: (text) => ({
      url: `${isFlux ? base_url.replace(/\/v1$/, '/v2') : base_url}/speak?${query.toString()}`,
      headers: key === undefined ? {} : { authorization: `Token ${key}` },
      body: JSON.stringify({ text }),
    }),
  })
}
