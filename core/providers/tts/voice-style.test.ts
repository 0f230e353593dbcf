import { describe, expect, test } from 'vitest'
import { listProviders } from '../find-provider.ts'
import { cartesiaStyle } from './cartesia-style.ts'
import { elevenLabsStyle } from './elevenlabs-style.ts'
import { styleSent, voiceStyleOf } from './style-sent.ts'
import { readVoiceStyle } from './voice-style.ts'
import { wrapInTags, xaiStyle } from './xai-style.ts'

test.each([
  ['Calm and warm, a little slower.', { mood: 'calm', pace: 'slow' }],
  ['Speak in a cheerful and positive tone.', { mood: 'happy' }],
  ['excited, fast', { mood: 'excited', pace: 'fast' }],
  ['Whisper it, as if in secret', { loudness: 'whisper' }],
  ['Serious but friendly', { mood: 'serious' }],
  ['not sad but confident', { mood: 'confident' }],
  ['Not too fast, never loud.', {}],
  ['Don’t rush; be empathetic', { mood: 'sympathetic' }],
  ['Professional. Without any sarcasm. Quietly.', { mood: 'serious', loudness: 'soft' }],
  ['SLOWLY', { pace: 'slow' }],
  ['like a pirate', {}],
  ['', {}],
])('"%s"', (words, style) => expect(readVoiceStyle(words)).toEqual(style))

describe('what is sent', () => {
  test.each<[string, string | undefined, string, string | undefined]>([
    ['openai', 'gpt-4o-mini-tts', ' Warm, with a smile. ', 'Warm, with a smile.'],
    ['openai', undefined, 'Warm', 'Warm'],
    ['openai', 'tts-1', 'Warm', undefined],
    ['google', undefined, 'Warm', 'Warm'],
    ['cartesia', undefined, 'Warm, slower', 'emotion: content, speed: 0.85'],
    ['cartesia.ai', 'sonic-3', 'quietly', 'volume: 0.7'],
    ['cartesia', 'sonic-2', 'Warm', undefined],
    ['elevenlabs', undefined, 'Excited, quick', 'stability: 0.3, speed: 1.15'],
    ['elevenlabs', 'eleven_multilingual_v2', 'Excited', 'stability: 0.3, style: 0.6'],
    ['elevenlabs', 'eleven_v3', 'Curious, whispering', '[curious] [whispers]'],
    ['elevenlabs', 'eleven_v4_turbo', 'Slow', '[slowly]'],
    ['xai', undefined, 'Calm and slow', '<slow> <soft>'],
    ['livekit', 'cartesia/sonic-3', 'Sad', 'emotion: sad'],
    ['livekit', 'xai/tts-1', 'Loud', '<loud>'],
    ['livekit', 'deepgram/aura-2', 'Sad', undefined],
    ['deepgram', undefined, 'Sad', undefined],
    ['builtin', undefined, 'Sad', undefined],
    ['cartesia', undefined, 'like a pirate', undefined],
    ['no such provider', undefined, 'Sad', undefined],
  ])('%s %s: "%s" → %s', (provider, model, words, sent) => expect(styleSent(provider, model, words)).toBe(sent))

  test('every TTS whose styles are mapped has a map', () => {
    const mapped = listProviders('tts').filter(({ capabilities }) => capabilities.voice_style === 'enum-map')
    expect(mapped.length).toBeGreaterThan(2)
    for (const { id } of mapped) expect(styleSent(id, undefined, 'calm and slow'), id).toBeDefined()
  })

  test('a model that is not listed is as its provider says', () => {
    expect(voiceStyleOf('elevenlabs', 'eleven_v9')).toBe('enum-map')
    expect(voiceStyleOf('openai-compatible', 'my-own')).toBe('instructions')
  })
})

test('the document’s own speed is kept, and what a provider allows is not left', () => {
  expect(cartesiaStyle('slow', 0.6)).toEqual({ speed: 0.6 })
  expect(cartesiaStyle('', 1.3)).toEqual({ speed: 1.3 })
  expect(elevenLabsStyle('eleven_flash_v2_5', 'fast', 1.2).voice_settings).toEqual({ speed: 1.2 })
  expect(elevenLabsStyle('eleven_v3', 'fast', 2)).toEqual({ tags: ['quickly'], voice_settings: { speed: 1.2 } })
})

test('tags stand around the words, not around the spaces', () => {
  expect(wrapInTags('Well, then. ', xaiStyle('slow whisper'))).toBe('<slow><whisper>Well, then.</whisper></slow> ')
  expect(wrapInTags('$& costs', ['soft'])).toBe('<soft>$& costs</soft>')
  expect(wrapInTags('As it is. ', [])).toBe('As it is. ')
})
