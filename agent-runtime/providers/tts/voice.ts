import type { ProviderFailureContext } from '../provider-failure.ts'

export type SpokenChunk = Readonly<{ sample_rate: number; pcm: Int16Array }>

/** A TTS as a turn uses it: text goes in clause by clause, PCM16 mono comes out as soon as there is some. */
export type Voice = Readonly<{
  /** Whether `instructions` change how it sounds. */
  steerable: boolean
  speak: (text: string, options: { signal: AbortSignal; instructions?: string }) => AsyncIterable<SpokenChunk>
  /** Names it in errors. */
  context: ProviderFailureContext
}>
