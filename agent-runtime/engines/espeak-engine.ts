import { setImmediate as nextTick } from 'node:timers/promises'
import type { Engine } from './engine.ts'
import type { SpeechChunk } from './engine-client.ts'
import { loadEspeak } from './espeak-program.ts'
import type { EspeakProgram } from './espeak-program.ts'
import { sentences } from './sentences.ts'
import { hasWords, speakableText } from './speakable-text.ts'
import { createTurnstile } from './turnstile.ts'
import { readWav } from './wav.ts'

const DEFAULT_VOICE = 'en-us'
const WORDS_PER_MINUTE = 175
const SLOWEST = 80
const FASTEST = 450

/** espeak-ng: robotic, but it speaks 130 languages with nothing to fetch. One sentence at a time, in turn over all callers. */
export async function createEspeakEngine(): Promise<Engine> {
  const program = await loadEspeak()
  const turnstile = createTurnstile()
  return {
    transcribe: () => Promise.reject(new Error('espeak-ng speaks; it cannot listen')),
    async *synthesize(text, { voice, speed }, signal) {
      for (const sentence of sentences(speakableText(text))) {
        if (!hasWords(sentence)) continue
        yield await turnstile(() => say(program, sentence, voice === '' ? DEFAULT_VOICE : voice, speed), signal)
      }
    },
  }
}

async function say(program: EspeakProgram, sentence: string, voice: string, speed: number): Promise<SpeechChunk> {
  // Lets a cancel that came during the last sentence be read.
  await nextTick()
  const pace = Math.round(Math.min(FASTEST, Math.max(SLOWEST, speed * WORDS_PER_MINUTE)))
  const { file, complaints } = await program(['-v', voice, '-s', String(pace), '--', sentence])
  if (file) return readWav(file)
  if (complaints.some((line) => line.includes('voice does not exist'))) {
    throw new Error(`espeak-ng has no voice "${voice}"; it has ${(await voiceNames(program)).join(', ')}`)
  }
  throw new Error(`espeak-ng could not say this: ${complaints[0] ?? 'it gave no reason'}`)
}

/** The second column of the program's table, e.g. "en-gb-scotland". */
async function voiceNames(program: EspeakProgram): Promise<string[]> {
  const { printed } = await program(['--voices'])
  return printed.slice(1).flatMap((line) => line.trim().split(/\s+/)[1] ?? [])
}
