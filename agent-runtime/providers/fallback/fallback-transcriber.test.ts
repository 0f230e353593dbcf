import { expect, test } from 'vitest'
import type { Metered } from '../../../core/cost/cost-part.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { StreamingTranscriber, Transcriber, UtteranceTranscriber } from '../stt/transcriber.ts'
import { createChain, type Choice, type Fallback } from './chain.ts'
import { closeAll, fallbackTranscriber } from './fallback-transcriber.ts'

const SECOND = 16_000
const context = (name: string) => ({ kind: 'stt' as const, name })
const choice = (port: Transcriber): Choice<Transcriber> => ({
  port,
  kind: 'stt',
  provider: port.context.name,
  model: '',
  label: port.context.name,
})
const whole = (name: string, answer: (pcm: Int16Array) => Promise<string>): UtteranceTranscriber => ({
  mode: 'utterance',
  eager: false,
  transcribe: answer,
  context: context(name),
})
const live = (name: string, answer: (samples: number) => Promise<string>, seen: string[]): StreamingTranscriber => ({
  mode: 'streaming',
  listen({ onInterim }) {
    let samples = 0
    return {
      push(pcm) {
        samples += pcm.length
        onInterim(`${samples} samples`)
      },
      finish: () => answer(samples),
      close: () => void seen.push(`${name} is not listened to any more`),
    }
  },
  close: () => void seen.push(`${name} closed`),
  context: context(name),
})
const never = () => new Promise<string>(() => {})
const signal = new AbortController().signal

function told() {
  const fallbacks: string[] = []
  const used: string[] = []
  return {
    fallbacks,
    used,
    fellBack: ({ from, to }: Fallback) => void fallbacks.push(`${from} → ${to}`),
    used_: ({ provider, usage }: Metered) => void used.push(`${provider} ${usage.stt_audio_ms} ms`),
  }
}
function chainOf(choices: [Transcriber, ...Transcriber[]], after_ms?: number) {
  const [first, ...rest] = choices
  const notes = told()
  const chain = createChain([choice(first), ...rest.map(choice)], after_ms)
  return { notes, chain, transcriber: fallbackTranscriber(chain, { fellBack: notes.fellBack, used: notes.used_ }) }
}

test('an utterance that one cannot hear is heard by the next; only the one that heard it is paid', async () => {
  const down = whole('down', () => Promise.reject(new HttpFailure(503, '')))
  const { transcriber, notes } = chainOf(
    [down, whole('deaf', never), whole('well', (pcm) => Promise.resolve(`${pcm.length} samples`))],
    20,
  )
  if (transcriber.mode !== 'utterance') throw new Error('it is of the first choice’s kind')
  expect(await transcriber.transcribe(new Int16Array(SECOND), signal, 'final')).toBe('16000 samples')
  expect(notes).toMatchObject({ fallbacks: ['down → deaf', 'deaf → well'], used: ['well 1000 ms'] })
  // Both failed a moment ago.
  expect(await transcriber.transcribe(new Int16Array(SECOND), signal, 'final')).toBe('16000 samples')
  expect(notes.fallbacks.slice(2)).toEqual(['down → well', 'deaf → well'])
})

test('a connection that fails at the end of an utterance: all of it is given to the next, and both are counted', async () => {
  const seen: string[] = []
  const drops = live('drops', () => Promise.reject(new Error('socket hang up')), seen)
  const { transcriber, notes, chain } = chainOf([drops, live('well', (samples) => Promise.resolve(`heard ${samples}`), seen)])
  if (transcriber.mode !== 'streaming') throw new Error('it is of the first choice’s kind')
  const interim: string[] = []
  const listening = transcriber.listen({ signal, onInterim: (text) => interim.push(text) })
  listening.push(new Int16Array(SECOND))
  listening.push(new Int16Array(SECOND))
  expect(await listening.finish(signal)).toBe('heard 32000')
  expect(interim).toEqual(['16000 samples', '32000 samples'])
  expect(notes).toMatchObject({ fallbacks: ['drops → well'], used: ['drops 2000 ms', 'well 2000 ms'] })
  expect(seen).toEqual(['drops is not listened to any more'])
  closeAll(chain)
  expect(seen.slice(1)).toEqual(['drops closed', 'well closed'])
})

test('silence is no failure, and the failure of the last one is told', async () => {
  const silent = chainOf([whole('a', () => Promise.resolve('')), whole('b', () => Promise.resolve('B'))])
  if (silent.transcriber.mode !== 'utterance') throw new Error('it is of the first choice’s kind')
  expect(await silent.transcriber.transcribe(new Int16Array(10), signal, 'final')).toBe('')
  expect(silent.notes.fallbacks).toEqual([])
  const both = chainOf([
    whole('a', () => Promise.reject(new HttpFailure(500, ''))),
    whole('b', () => Promise.reject(new HttpFailure(402, ''))),
  ])
  if (both.transcriber.mode !== 'utterance') throw new Error('it is of the first choice’s kind')
  await expect(both.transcriber.transcribe(new Int16Array(10), signal, 'final')).rejects.toThrow(
    'The STT (b) has no credit left (402)',
  )
})
