import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import type { TtsProviderId } from '../../../core/providers/index.ts'
import { connectEngine, type EngineClient } from '../../engines/engine-client.ts'
import { newAddress, startEngine, type StartedEngine } from '../../engines/testing/start-engine.ts'
import { createScript } from '../rehearsal/script.ts'
import { createVoice } from './create-voice.ts'
import type { SpokenChunk, Voice } from './voice.ts'

const models = process.env['GREENROOM_TEST_MODELS']
const hasModels = models !== undefined && existsSync(models)
if (!hasModels) console.log('skipped: the built-in voice needs GREENROOM_TEST_MODELS')

type Row = readonly [id: TtsProviderId, engine: 'espeak' | 'builtin', config: object]
const rows: readonly Row[] = [
  ['espeak-ng', 'espeak', { voice_id: 'en-gb' }],
  ['espeak-ng', 'espeak', { voice_id: 'f786b574-daa5-4673-aa0c-cbe3e8534c02' }],
  ...(hasModels
    ? ([
        ['builtin', 'builtin', {}],
        ['builtin', 'builtin', { voice_id: 'piper-en_US-joe' }],
        ['builtin', 'builtin', { model: 'piper-en_US-joe', voice_id: 'ash' }],
      ] as const)
    : []),
]

const started: Partial<Record<'espeak' | 'builtin', StartedEngine>> = {}
const clients: EngineClient[] = []
beforeAll(async () => {
  started.espeak = await startEngine('espeak', await newAddress())
  if (hasModels) started.builtin = await startEngine('speech', await newAddress(), models)
})
afterAll(() => {
  clients.forEach((client) => client.close())
  Object.values(started).forEach(({ child }) => child.kill())
})

function voiceOf([provider, name, config]: Row): Voice {
  const tts_config = { provider, ...config }
  const document = AgentDocument.parse({ agent_id: 'ada', name: 'Ada', prompt_config: { instructions: '-' }, tts_config })
  const address = started[name]?.address
  return createVoice({
    seed: 1,
    script: createScript([]),
    engine: (at) => {
      const client = connectEngine(at)
      clients.push(client)
      return client
    },
    notice: () => {},
    document,
    secrets: {},
    engines: address ? { [name]: address } : {},
  })
}
const speak = (voice: Voice, text: string, signal = new AbortController().signal) =>
  Array.fromAsync(voice.speak(text, { signal, instructions: 'Calm.' }))
const seconds = (chunks: readonly SpokenChunk[]) =>
  chunks.reduce((sum, { pcm, sample_rate }) => sum + pcm.length / sample_rate, 0)

describe.each(rows.map((row) => [`${row[0]} ${JSON.stringify(row[2])}`, row] as const))('%s, for real', (_name, row) => {
  test('speaks at the pace of speech, and takes no instructions', async () => {
    const voice = voiceOf(row)
    expect(voice.steerable).toBe(false)
    const chunks = await speak(voice, 'Good morning, and welcome to the interview.')
    expect(seconds(chunks)).toBeGreaterThan(1.2)
    expect(seconds(chunks)).toBeLessThan(6)
    expect(chunks.some(({ pcm }) => pcm.some((sample) => Math.abs(sample) > 2000))).toBe(true)
  })

  test('a caller who interrupts ends it, and the next clause is said', async () => {
    const voice = voiceOf(row)
    const cut = new AbortController()
    const long = 'This goes on and on, as long as anybody wants to hear it. '.repeat(12)
    const speaking = speak(voice, long, cut.signal)
    cut.abort()
    await expect(speaking).rejects.toThrow()
    expect(seconds(await speak(voice, 'Yes, of course.'))).toBeGreaterThan(0.3)
  })
})

test('an engine that does not run is told of when the voice is made', () => {
  expect(() => voiceOf(['google', 'espeak', {}])).not.toThrow()
  const document = AgentDocument.parse({ agent_id: 'ada', name: 'Ada', prompt_config: { instructions: '-' } })
  const engine = () => {
    throw new Error('none')
  }
  const scope = { seed: 1, script: createScript([]), engine, notice: () => {}, document, secrets: {}, engines: {} }
  expect(() => createVoice(scope)).toThrow(/does not run on this machine/)
})
