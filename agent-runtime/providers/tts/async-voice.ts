import type { ProviderScope } from '../provider-context.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { SoundPiece } from './checked-speech.ts'
import { createHttpVoice } from './http-voice.ts'
import { voiceSettings } from './voice-settings.ts'
import type { Voice } from './voice.ts'

const SAMPLE_RATE = 24_000
/** Documented: it stands in the middle of the sound when the account runs dry. */
const QUOTA = Buffer.from('--ERROR:QUOTA_EXCEEDED--')

export function createAsyncVoice(scope: ProviderScope): Voice {
  const { voice, speed, language, ...settings } = voiceSettings('async', scope)
  const { base_url, key, model } = settings.server
  return createHttpVoice({
    ...settings,
    sample_rate: SAMPLE_RATE,
    request: (transcript) => ({
      url: `${base_url}/text_to_speech/streaming`,
      headers: { ...(key === undefined ? {} : { 'x-api-key': key }), version: 'v1' },
      body: JSON.stringify({
        model_id: model,
        transcript,
        voice: { mode: 'id', id: voice },
        output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: SAMPLE_RATE },
        language,
        speed_control: model === 'async_flash_v1.0' ? speed : undefined,
      }),
    }),
    sound: withoutErrors,
  })
}

/** The error would be a click in the ear, and silence after it; a piece is held until it is sure that it is not the error's beginning. */
async function* withoutErrors(response: Response): AsyncGenerator<SoundPiece> {
  const type = response.headers.get('content-type') ?? ''
  let held = Buffer.alloc(0)
  for await (const bytes of response.body ?? []) {
    const all = Buffer.concat([held, bytes])
    if (all.includes(QUOTA)) throw new HttpFailure(402, 'The quota of the account is used up.')
    const at = all.indexOf(QUOTA.subarray(0, 2), Math.max(0, all.length - QUOTA.length + 1))
    const sure = at < 0 ? all.length : at
    held = all.subarray(sure)
    if (sure > 0) yield { bytes: all.subarray(0, sure), type }
  }
  if (held.length > 0) yield { bytes: held, type }
}
