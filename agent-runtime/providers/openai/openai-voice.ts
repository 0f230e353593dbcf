import type { ReadableStream } from 'node:stream/web'
import { ttsProviders } from '../../../core/providers/index.ts'
import { SilentProvider } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { SpokenChunk, Voice } from '../voice.ts'
import { openAiServer, post } from './openai-server.ts'

/** What `response_format: pcm` means there. */
const SAMPLE_RATE = 24_000
const TIMEOUT_MS = 20_000

/** Any server with /audio/speech; the audio is passed on as it comes. */
export function createOpenAiVoice({ document, secrets }: ProviderScope): Voice {
  const { name, capabilities } = ttsProviders['openai-compatible']
  const config = document.tts_config
  const server = openAiServer('tts', name, config, secrets, 'gpt-4o-mini-tts')
  // Older models of the list refuse or ignore instructions; what other servers do with them is theirs to know.
  const listed = ttsProviders['openai-compatible'].models.some(({ id }) => id === server.model)
  const steerable = !listed || (capabilities.instruction_models ?? []).includes(server.model)
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
      yield* pcmOf(await withPatience((patience) => post(server, '/audio/speech', JSON.stringify(request), patience), signal))
    },
    context: server.context,
  }
}

/** A time-out of the whole request would cut long speech: only the beginning is waited for. */
async function withPatience(ask: (signal: AbortSignal) => Promise<Response>, signal: AbortSignal): Promise<Response> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(new SilentProvider(TIMEOUT_MS)), TIMEOUT_MS)
  try {
    return await ask(AbortSignal.any([signal, patience.signal]))
  } finally {
    clearTimeout(timer)
  }
}

/** A sample may be cut in two by the network. */
async function* pcmOf(response: Response): AsyncGenerator<SpokenChunk> {
  const body: ReadableStream<Uint8Array> | null = response.body
  let odd = new Uint8Array(0)
  for await (const bytes of body ?? []) {
    const all = new Uint8Array(odd.length + bytes.length)
    all.set(odd)
    all.set(bytes, odd.length)
    const whole = all.length - (all.length % 2)
    odd = all.slice(whole)
    if (whole > 0) yield { sample_rate: SAMPLE_RATE, pcm: new Int16Array(all.buffer.slice(0, whole)) }
  }
}
