const SAMPLE_RATE = 24_000

/** A sine as PCM16 mono. */
export function tone(hertz: number, seconds: number, sample_rate = SAMPLE_RATE): Uint8Array {
  const pcm = new Int16Array(Math.round(seconds * sample_rate))
  for (let index = 0; index < pcm.length; index++) pcm[index] = 8000 * Math.sin((2 * Math.PI * hertz * index) / sample_rate)
  return new Uint8Array(pcm.buffer)
}
