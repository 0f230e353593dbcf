import { paceFactor, readVoiceStyle, within, type Mood } from './voice-style.ts'

/** `generation_config` of Sonic 3 and later. */
export type CartesiaStyle = Readonly<{ emotion?: string; speed?: number; volume?: number }>

/** Names of the published list: https://docs.cartesia.ai/build-with-cartesia/capability-guides/volume-speed-emotion */
const EMOTIONS: Readonly<Record<Mood, string>> = {
  calm: 'calm',
  warm: 'content',
  happy: 'happy',
  excited: 'excited',
  sympathetic: 'sympathetic',
  apologetic: 'apologetic',
  sad: 'sad',
  serious: 'determined',
  confident: 'confident',
  curious: 'curious',
  thoughtful: 'contemplative',
  surprised: 'surprised',
  playful: 'joking/comedic',
  sarcastic: 'sarcastic',
  angry: 'angry',
  anxious: 'anxious',
  neutral: 'neutral',
}
const VOLUMES = { whisper: 0.5, soft: 0.7, loud: 1.5 } as const

/** `speed`: the document's own. */
export function cartesiaStyle(words: string, speed = 1): CartesiaStyle {
  const style = readVoiceStyle(words)
  const pace = within(0.6, 1.5, speed * paceFactor(style))
  return {
    ...(style.mood && { emotion: EMOTIONS[style.mood] }),
    ...(pace !== 1 && { speed: pace }),
    ...(style.loudness && { volume: VOLUMES[style.loudness] }),
  }
}
