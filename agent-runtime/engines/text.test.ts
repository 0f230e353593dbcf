import { expect, test } from 'vitest'
import { sentences } from './sentences.ts'
import { hasWords, latinOnly, speakableText } from './speakable-text.ts'
import { transcriptText } from './transcript-text.ts'
import { PADDING, STT_RATE, padded, pieces } from './utterance.ts'

test.each([
  ['## Your **plan**\n- one\n- two', 'Your plan\none\ntwo'],
  ['Read [the guide](https://example.com/a?b=c) or https://www.example.org/x/y.', 'Read the guide or example.org'],
  ['Use `npm start` & wait ~5 minutes…', 'Use npm start and wait 5 minutes…'],
  ['Great job 🎉👍🏽! You are #1 🇩🇪', 'Great job! You are number 1'],
  ['<b>Bold</b>, a < b, snake_case and/or 20°', 'Bold, a b, snake case and or 20 degrees'],
  ['It costs $5.50, 20 % off – really', 'It costs $5.50, 20 % off, really'],
  ['unpaired **mark', 'unpaired mark'],
  ['Café, naïve, Zürich', 'Café, naïve, Zürich'],
])('%j is said as %j', (written, said) => {
  expect(speakableText(written)).toBe(said)
})

test('marks alone are no words; other scripts are kept unless only Latin can be spoken', () => {
  expect(hasWords(speakableText('**  🎉 ---'))).toBe(false)
  expect(latinOnly(speakableText('Hello 日本 мир'))).toBe('Hello  ')
})

test('text is cut at sentences, and a long one at a pause', () => {
  expect(sentences('Hello. How are you? "Fine!" she said')).toEqual(['Hello.', 'How are you?', '"Fine!"', 'she said'])
  expect(sentences('It is 3.5 km, Dr. Who. Yes, e.g. by car.')).toEqual(['It is 3.5 km, Dr. Who.', 'Yes, e.g. by car.'])
  const long = `${'word '.repeat(40)}, ${'more '.repeat(60)}`.trim()
  const cut = sentences(long)
  expect(cut.every((piece) => piece.length <= 240)).toBe(true)
  expect(cut.join(' ').replaceAll(' ,', ',')).toBe(long.replaceAll(' ,', ','))
  expect(sentences('x'.repeat(1000)).join('')).toBe('x'.repeat(1000))
})

test.each([
  ['[BLANK_AUDIO]', ''],
  [' (water running) ', ''],
  ['[', ''],
  ['♪♪ ... ♪♪', ''],
  ['Fail better. Fail better. Fail better. Fail better', 'Fail better.'],
  ['No no no, I mean it.', 'No no no, I mean it.'],
  ['you you you you you you you', 'you'],
  ['Hello (laughs) there.', 'Hello there.'],
])('%j was heard as %j', (raw, text) => {
  expect(transcriptText(raw)).toBe(text)
})

test('a long recording is cut where it is quiet; silence is nothing', () => {
  const loud = (seconds: number) => new Int16Array(seconds * STT_RATE).fill(5000)
  expect(pieces(new Int16Array(STT_RATE * 40))).toEqual([])
  expect(pieces(new Int16Array(0))).toEqual([])
  const recording = loud(60)
  recording.fill(0, 18 * STT_RATE, 18.2 * STT_RATE)
  const cut = pieces(recording)
  expect(cut.reduce((sum, piece) => sum + piece.length, 0)).toBe(recording.length)
  expect(cut.every((piece) => piece.length <= 22 * STT_RATE)).toBe(true)
  expect(cut[0]?.length).toBeGreaterThan(18 * STT_RATE - 1)
  expect(cut[0]?.length).toBeLessThan(18.2 * STT_RATE)
  const heard = padded(loud(1), PADDING.whisper)
  expect(heard[0]).toBe(0)
  expect(heard.at(-1)).toBe(0)
  expect(heard[0.3 * STT_RATE]).toBeCloseTo(5000 / 32768)
})
