import { expect, test } from 'vitest'
import { createChain, type Choice } from '../providers/fallback/chain.ts'
import type { Voice } from '../providers/tts/voice.ts'
import { TurnVoice } from './turn-voice.ts'

/** Each clause is said in two chunks; `script` says of each time that it is asked how many of them come before it breaks. */
function voice(name: string, asked: string[], script: readonly number[] = []): Choice<Voice> {
  let times = 0
  const port: Voice = {
    steerable: false,
    async *speak(text) {
      asked.push(`${name}: ${text.trim()}`)
      const chunks = script[times++] ?? 2
      for (let index = 0; index < Math.min(2, chunks); index++)
        yield await Promise.resolve({ sample_rate: 1000, pcm: new Int16Array(100).fill(name.charCodeAt(0)) })
      if (chunks < 2) throw new TypeError('terminated')
    },
    context: { kind: 'tts', name },
  }
  return { port, kind: 'tts', provider: name, model: '', label: name }
}

async function say(choices: [Choice<Voice>, ...Choice<Voice>[]], clauses: readonly string[]) {
  const told: string[] = []
  const metered: string[] = []
  const heard: string[] = []
  const turn = new TurnVoice(
    {
      meter: ({ provider, usage }) => void (usage.tts_characters && metered.push(`${provider} ${usage.tts_characters}`)),
      fellBack: ({ from, to }) => void told.push(`${from} → ${to}`),
      error: (source, { message }) => void told.push(`${source}: ${message}`),
    },
    createChain(choices),
    { signal: new AbortController().signal },
  )
  // As in a reply: the next clause is begun before the present one is heard.
  const speeches = [turn.speak(clauses[0] ?? '')]
  let failure: unknown
  try {
    for (const [index, clause] of clauses.entries()) {
      const next = clauses[index + 1]
      if (next !== undefined) speeches.push(turn.speak(next))
      let chunks = ''
      for await (const { pcm } of speeches[index] ?? []) chunks += String.fromCharCode(pcm[0] ?? 0)
      heard.push(`${clause.trim()} ${chunks}`.trim())
    }
  } catch (cause) {
    failure = cause
  }
  return { heard, told, metered, failure }
}

test('a voice that cannot begin is replaced, and so is what it had begun ahead', async () => {
  const asked: string[] = []
  const { heard, told, metered } = await say([voice('a', asked, [0, 2]), voice('b', asked)], ['One. ', 'Two. ', 'Three.'])
  expect(heard).toEqual(['One. bb', 'Two. bb', 'Three. bb'])
  expect(told).toEqual(['a → b'])
  expect(asked.toSorted()).toEqual(['a: One.', 'a: Two.', 'b: One.', 'b: Three.', 'b: Two.'])
  // What was made for nothing was made.
  expect(metered).toEqual(expect.arrayContaining(['a 5', 'b 5', 'b 6']))
})

test('a sentence has one voice: its rest gets a second try of the same, and is left out when that fails too', async () => {
  const asked: string[] = []
  const again = await say([voice('a', asked, [2, 0, 2]), voice('b', asked)], ['Well, ', 'this is one sentence. ', 'Next.'])
  expect([again.heard, again.told]).toEqual([['Well, aa', 'this is one sentence. aa', 'Next. aa'], []])
  const { heard, told } = await say(
    [voice('a', asked, [2, 0, 0, 0]), voice('b', asked)],
    ['Well, ', 'this goes on, ', 'and on. ', 'Next.'],
  )
  expect(heard).toEqual(['Well, aa', 'this goes on,', 'and on.', 'Next. bb'])
  expect(told).toEqual(['a → b', 'tts: The TTS (a) broke off its answer'])
})

test('what was heard before it broke off is not said again', async () => {
  const { heard, told } = await say([voice('a', [], [1]), voice('b', [])], ['Half of this. ', 'The rest.'])
  expect(heard).toEqual(['Half of this. a', 'The rest. bb'])
  expect(told).toEqual(['a → b', 'tts: The TTS (a) broke off its answer'])
})

test('the only voice goes on behind one gap; when it cannot begin, the reply ends with what is to be told', async () => {
  const gap = await say([voice('a', [], [1])], ['Half. ', 'Whole.'])
  expect([gap.heard, gap.failure]).toEqual([['Half. a', 'Whole. aa'], undefined])
  const none = await say([voice('a', [], [0, 0])], ['One.'])
  expect(none.failure).toMatchObject({ body: { message: 'The TTS (a) broke off its answer' } })
})

test('a clause without a word in it may be silent', async () => {
  const silent: Choice<Voice> = { ...voice('a', []), port: { ...voice('a', []).port, speak: async function* () {} } }
  expect(await say([silent, voice('b', [])], ['… '])).toMatchObject({ heard: ['…'], told: [] })
  expect(await say([silent, voice('b', [])], ['Hm. '])).toMatchObject({ heard: ['Hm. bb'], told: ['a → b'] })
})
