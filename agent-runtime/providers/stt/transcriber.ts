import type { ProviderFailureContext } from '../provider-failure.ts'

/** Hears what the caller says: PCM16 mono, 16 kHz. Voice detection of ours says where an utterance begins and ends. */
export type Transcriber = UtteranceTranscriber | StreamingTranscriber

/** Reads one utterance at a time. Resolves to '' when nothing was said. */
export type UtteranceTranscriber = Readonly<{
  mode: 'utterance'
  /** Costs nothing but time: may be asked before the caller is surely done, and for interim text. */
  eager: boolean
  transcribe: (pcm: Int16Array, signal: AbortSignal, purpose: 'interim' | 'final') => Promise<string>
  /** Names it in errors. */
  context: ProviderFailureContext
}>

/** Hears while the caller speaks, so that little is left to do when the utterance ends. */
export type StreamingTranscriber = Readonly<{
  mode: 'streaming'
  /** Begins an utterance; one that begins before the last is known waits for it. */
  listen: (options: { signal: AbortSignal; onInterim: (text: string) => void }) => Listening
  /** No more utterances: what connection there is ends when those that have begun are known. */
  close: () => void
  context: ProviderFailureContext
}>

/** One utterance while it is heard. */
export type Listening = Readonly<{
  push: (pcm: Int16Array) => void
  /** The utterance is over: what was said. Rejects within a bounded time when nothing comes. */
  finish: (signal: AbortSignal) => Promise<string>
  /** Nobody wants to know any more. */
  close: () => void
}>
