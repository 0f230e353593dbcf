import { ttsProviders } from '../../../core/providers/index.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { Voice } from './voice.ts'
import { connectionOf } from '../connection.ts'
import { bearer, pcmOf, post, withPatience } from '../http.ts'

/** What `response_format: pcm` means there. */
const SAMPLE_RATE = 24_000
const TIMEOUT_MS = 20_000

/** Any server with /audio/speech; the audio is passed on as it comes. */
export function createOpenAiVoice({ document, secrets }: ProviderScope): Voice {
  const { capabilities } = ttsProviders['openai-compatible']
  const config = document.tts_config
  const server = connectionOf('tts', config, secrets)
  // Older models of the list refuse or ignore instructions; what other servers do with them is theirs to know.
  const listed = ttsProviders['openai-compatible'].models.find(({ id }) => id === server.model)
  const steerable = (listed?.voice_style ?? capabilities.voice_style) !== 'none'
  return {
    steerable,
    async *speak(text, { signal, instructions }) {
      if (text.trim() === '') return
      const request = {
        model: server.model,
        voice: config.voice_id ?? 'ash',
        input: text,
        response_format: 'pcm',
        ...(config.speed === undefined ? {} : { speed: config.speed }),
        ...(steerable && instructions ? { instructions } : {}),
      }
      const ask = (patience: AbortSignal) =>
        post({
          url: `${server.base_url}/audio/speech`,
          headers: bearer(server.key),
          body: JSON.stringify(request),
          signal: patience,
        })
      yield* pcmOf(await withPatience(TIMEOUT_MS, signal, ask), SAMPLE_RATE)
    },
    context: server.context,
  }
}
