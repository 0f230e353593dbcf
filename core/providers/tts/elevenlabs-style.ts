import { paceFactor, readVoiceStyle, within, type Mood } from './voice-style.ts'

export type ElevenLabsStyle = Readonly<{
  /** Set before the text in square brackets; models from v3 on. */
  tags: readonly string[]
  voice_settings: Readonly<{ stability?: number; style?: number; speed?: number }>
}>

/** Lower stability: more feeling, less the same each time. `style` overdraws the voice's own manner. */
const SETTINGS: Readonly<Record<Mood, readonly [stability: number, style: number]>> = {
  calm: [0.75, 0],
  warm: [0.55, 0.15],
  happy: [0.45, 0.35],
  excited: [0.3, 0.6],
  sympathetic: [0.6, 0.2],
  apologetic: [0.6, 0.2],
  sad: [0.55, 0.4],
  serious: [0.8, 0],
  confident: [0.6, 0.25],
  curious: [0.45, 0.3],
  thoughtful: [0.65, 0.15],
  surprised: [0.3, 0.5],
  playful: [0.35, 0.5],
  sarcastic: [0.4, 0.5],
  angry: [0.35, 0.6],
  anxious: [0.35, 0.4],
  neutral: [0.7, 0],
}
const LOUDNESS = { whisper: 'whispers', soft: 'softly', loud: 'loudly' } as const

const takesTags = (model: string) => /^eleven_v[3-9]/.test(model)

/** Audio tags for models from v3 on, voice settings for those before. `speed`: the document's own. */
export function elevenLabsStyle(model: string, words: string, speed = 1): ElevenLabsStyle {
  const { mood, pace, loudness } = readVoiceStyle(words)
  if (takesTags(model)) {
    const tags = [
      mood === 'neutral' ? undefined : mood,
      pace && `${pace}ly`.replace('fastly', 'quickly'),
      loudness && LOUDNESS[loudness],
    ]
    const own = within(0.7, 1.2, speed)
    return { tags: tags.filter((tag) => tag !== undefined), voice_settings: own === 1 ? {} : { speed: own } }
  }
  const [stability, style] = (mood && SETTINGS[mood]) ?? []
  const rate = within(0.7, 1.2, speed * paceFactor({ ...(pace && { pace }) }))
  return {
    tags: [],
    voice_settings: {
      ...(stability !== undefined && { stability }),
      // The quick models have no style: it would only cost time.
      ...(style && !/flash|turbo/.test(model) && { style }),
      ...(rate !== 1 && { speed: rate }),
    },
  }
}
