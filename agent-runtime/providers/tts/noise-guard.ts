import { joinPcm } from '../../../core/join-pcm.ts'

const WINDOW_S = 0.05
/** Fricatives are as even as noise, but far quieter than this; no voice hisses at a quarter of full scale. */
const LOUD = 8000
/** Neighbouring samples of speech are alike. */
const UNLIKE = 0.3

/**
 * Tells sound from bytes that are none (MP3, floats, text, samples cut in the middle), which are loud white noise in an ear. Gives
 * out what is safe; a suspicious stretch is held back until the next one shows what it was. Throws what `onNoise` makes.
 */
export function createNoiseGuard(sample_rate: number, onNoise: () => Error) {
  const length = Math.max(1, Math.round(sample_rate * WINDOW_S))
  let waiting = new Int16Array(0)
  let suspect: Int16Array | undefined
  return {
    push(pcm: Int16Array): Int16Array {
      const all = joinPcm([waiting, pcm])
      const whole = all.length - (all.length % length)
      waiting = all.slice(whole)
      const safe: Int16Array[] = []
      for (let at = 0; at < whole; at += length) {
        const window = all.subarray(at, at + length)
        const noisy = isNoise(window)
        if (noisy && suspect) throw onNoise()
        if (suspect) safe.push(suspect)
        suspect = noisy ? window : undefined
        if (!noisy) safe.push(window)
      }
      return joinPcm(safe)
    },
    end(): Int16Array {
      return joinPcm([suspect ?? new Int16Array(0), waiting])
    },
  }
}

function isNoise(window: Int16Array): boolean {
  let power = 0
  let alike = 0
  let before = 0
  for (const sample of window) {
    power += sample * sample
    alike += sample * before
    before = sample
  }
  return power / window.length > LOUD * LOUD && alike < UNLIKE * power
}
