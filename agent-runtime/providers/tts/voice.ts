import type { ProviderFailureContext } from '../provider-failure.ts'

export type SpokenChunk = Readonly<{ sample_rate: number; pcm: Int16Array }>

export type SpeakOptions = Readonly<{
  signal: AbortSignal
  /** The words of the voice-style field. */
  instructions?: string
  /** Whether it tries again when its server stumbles; false where another voice would be asked. */
  retry?: boolean
}>

/** A TTS as a turn uses it: text goes in clause by clause, PCM16 mono comes out as soon as there is some. */
export type Voice = Readonly<{
  /** Whether `instructions` change how it sounds. */
  steerable: boolean
  speak: (text: string, options: SpeakOptions) => AsyncIterable<SpokenChunk>
  /** Names it in errors. */
  context: ProviderFailureContext
}>
