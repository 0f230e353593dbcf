import type { SpeechChunk } from './engine-client.ts'

/** What an engine process can do. Both throw an Error whose text is fit for the call panel. */
export type Engine = Readonly<{
  /** `pcm`: 16 kHz mono, any length. */
  transcribe: (
    pcm: Int16Array,
    options: { language: string; model: string; interim?: boolean | undefined },
    signal: AbortSignal,
  ) => Promise<string>
  /** Yields sentence by sentence; nothing when the text holds no words. */
  synthesize: (text: string, options: { voice: string; speed: number }, signal: AbortSignal) => AsyncIterable<SpeechChunk>
}>
