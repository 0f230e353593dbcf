/** Quieter than this is not heard (-50 dB): Opus leaves a little noise where nothing was said. */
const AUDIBLE = 0.003
/** Pauses between words are shorter. */
const SILENCE_S = 0.25

export type Onsets = Readonly<{
  /** Where in the block sound begins after a silence, in samples; undefined when it does not. `level`: its peak. */
  push: (block: Float32Array) => Readonly<{ onset: number | undefined; level: number }>
}>

/** Finds where a voice begins after a silence. */
export function createOnsets(sampleRate: number): Onsets {
  const silence = SILENCE_S * sampleRate
  let quiet = Number.POSITIVE_INFINITY
  return {
    push(block) {
      let onset: number | undefined
      let level = 0
      for (let index = 0; index < block.length; index++) {
        const sample = Math.abs(block[index] ?? 0)
        if (sample > level) level = sample
        if (sample < AUDIBLE) {
          quiet += 1
          continue
        }
        if (quiet >= silence) onset ??= index
        quiet = 0
      }
      return { onset, level }
    },
  }
}
