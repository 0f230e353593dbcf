import { findProvider } from '../find-provider.ts'
import type { VoiceStyle } from '../provider.ts'
import { defaultModel } from '../structured-output.ts'
import { cartesiaStyle } from './cartesia-style.ts'
import { elevenLabsStyle } from './elevenlabs-style.ts'
import { liveKitStyle } from './livekit-style.ts'
import { xaiStyle } from './xai-style.ts'

/** How a model of a TTS takes the voice-style field; a model that is not listed is as its provider says. */
export function voiceStyleOf(provider: string, model: string | undefined): VoiceStyle {
  const found = findProvider('tts', provider)
  const named = model ?? (found && defaultModel(found))
  return found?.models.find(({ id }) => id === named)?.voice_style ?? found?.capabilities.voice_style ?? 'none'
}

/**
 * What a TTS is sent for the words of the voice-style field, for people to read: the words as they stand, the nearest of its own
 * styles ("emotion: calm, speed: 0.85"), or nothing when it takes none or has none that is near.
 */
export function styleSent(provider: string, model: string | undefined, words: string): string | undefined {
  switch (voiceStyleOf(provider, model)) {
    case 'none':
      return undefined
    case 'instructions':
      return words.trim() || undefined
    case 'enum-map':
      return mapped(provider, model, words)
  }
}

function mapped(name: string, named: string | undefined, words: string): string | undefined {
  const provider = findProvider('tts', name)
  const model = named ?? (provider && defaultModel(provider)) ?? ''
  switch (provider?.id) {
    case 'cartesia':
      return told(cartesiaStyle(words))
    case 'elevenlabs': {
      const { tags, voice_settings } = elevenLabsStyle(model, words)
      return [tags.map((tag) => `[${tag}]`).join(' '), told(voice_settings)].filter(Boolean).join(', ') || undefined
    }
    case 'xai':
      return inTags(xaiStyle(words))
    case 'livekit': {
      const { extra, tags } = liveKitStyle(model, words)
      return told(extra) ?? inTags(tags)
    }
    default:
      return undefined
  }
}

const inTags = (tags: readonly string[]): string | undefined => tags.map((tag) => `<${tag}>`).join(' ') || undefined

const told = (settings: Readonly<Record<string, string | number>>): string | undefined =>
  Object.entries(settings)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ') || undefined
