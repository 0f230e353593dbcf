const SAMPLE_RATE = 24_000

/** A sine as PCM16 mono at 24 kHz. */
export function tone(hertz: number, seconds: number): Uint8Array {
  const pcm = new Int16Array(Math.round(seconds * SAMPLE_RATE))
  for (let index = 0; index < pcm.length; index++) pcm[index] = 8000 * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE)
  return new Uint8Array(pcm.buffer)
}
