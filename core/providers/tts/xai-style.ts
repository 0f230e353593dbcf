import { readVoiceStyle, type Mood } from './voice-style.ts'

/** Speech tags that wrap a text: https://docs.x.ai/developers/model-capabilities/audio/text-to-speech */
type XaiTag = 'whisper' | 'soft' | 'loud' | 'slow' | 'fast' | 'higher-pitch' | 'lower-pitch' | 'sing-song'

/** There are no emotions among them: those that can be heard as volume or pitch. */
const MOODS: Readonly<Partial<Record<Mood, XaiTag>>> = {
  calm: 'soft',
  sympathetic: 'soft',
  apologetic: 'soft',
  sad: 'lower-pitch',
  serious: 'lower-pitch',
  excited: 'higher-pitch',
  surprised: 'higher-pitch',
  playful: 'sing-song',
  angry: 'loud',
}

/** From the outside in, each once. */
export function xaiStyle(words: string): readonly XaiTag[] {
  const { mood, pace, loudness } = readVoiceStyle(words)
  // Two words about loudness would be one too many.
  const feeling = mood && MOODS[mood]
  const both = [pace, loudness, loudness && (feeling === 'soft' || feeling === 'loud') ? undefined : feeling]
  return both.filter((tag) => tag !== undefined)
}

/** The spaces around the text stay outside. */
export function wrapInTags(text: string, tags: readonly string[]): string {
  const inside = text.trim()
  if (tags.length === 0 || inside === '') return text
  const open = tags.map((tag) => `<${tag}>`).join('')
  const close = tags
    .map((tag) => `</${tag}>`)
    .reverse()
    .join('')
  return text.replace(inside, () => `${open}${inside}${close}`)
}
