import type { Json, JsonObject } from '../json.ts'
import { given } from './short/short-block.ts'

/** Of the environment, or of a `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The short body of the agent that a server makes on its first run from `LLM_PROVIDER` and its like; nothing where none of them is set.
 * Keys stay where they are: the document refers to them by the names of their variables.
 */
export function developmentAgent(env: Environment): JsonObject | undefined {
  const text = (name: string): string | undefined => env[name]?.trim() || undefined
  const key = (name: string): string | undefined => (text(name) === undefined ? undefined : `env:${name}`)
  const llm = block({
    provider: text('LLM_PROVIDER'),
    model: text('LLM_MODEL'),
    api_key: key('LLM_API_KEY'),
    api_url: text('LLM_BASE_URL'),
  })
  const stt = block({
    provider: text('STT_PROVIDER'),
    model: text('STT_MODEL'),
    url: text('STT_URL'),
    api_key: key('STT_API_KEY'),
  })
  const tts = block({
    provider: text('TTS_PROVIDER'),
    model_id: text('TTS_MODEL'),
    voice_id: text('TTS_VOICE_ID'),
    api_key: key('TTS_API_KEY'),
  })
  if (!llm && !stt && !tts) return undefined
  return {
    name: 'Development Agent',
    description: 'Made on the first run from LLM_PROVIDER, STT_PROVIDER and TTS_PROVIDER.',
    is_default: true,
    ...given({ llm_provider_config: llm, stt_provider_config: stt, tts_provider_config: tts }),
  }
}

/** Only where a provider is named: a key alone chooses nothing. */
const block = (values: Readonly<Record<string, Json | undefined>>): JsonObject | undefined =>
  values['provider'] === undefined ? undefined : given(values)
