import { ttsProviders, voiceStyleOf, type TtsProviderId } from '../../../core/providers/index.ts'
import { connectionOf, type Connection } from '../connection.ts'
import type { ProviderScope } from '../provider-context.ts'

export type VoiceSettings = Readonly<{
  server: Connection
  voice: string
  /** Absent when the document leaves it to the voice. */
  speed: number | undefined
  language: string | undefined
  steerable: boolean
  patience_ms: unknown
}>

/** The document's `tts_config` with the catalogue's own where it leaves something open. */
export function voiceSettings(id: TtsProviderId, { document, secrets }: ProviderScope): VoiceSettings {
  const config = document.tts_config
  const server = connectionOf('tts', config, secrets)
  const { language } = config
  return {
    server,
    voice: config.voice_id ?? firstVoice(id),
    speed: config.speed,
    language: typeof language === 'string' && language !== '' && language !== 'auto' ? language : undefined,
    steerable: voiceStyleOf(id, server.model) !== 'none',
    patience_ms: config['timeout_ms'],
  }
}

function firstVoice(id: TtsProviderId): string {
  const option = ttsProviders[id].options.find(({ key }) => key === 'voice_id')
  return option?.type === 'choice' ? (option.default ?? '') : ''
}
