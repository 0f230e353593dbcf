import type { ProviderFailureContext } from '../provider-failure.ts'

/** An STT that reads one utterance at a time: PCM16 mono, 16 kHz. Resolves to '' when nothing was said. */
export type Transcriber = Readonly<{
  /** Costs nothing but time: may be asked before the caller is surely done, and for interim text. */
  eager: boolean
  transcribe: (pcm: Int16Array, signal: AbortSignal, purpose: 'interim' | 'final') => Promise<string>
  /** Names it in errors. */
  context: ProviderFailureContext
}>
