import { UP_SAMPLE_RATE } from '../../core/contract/media.ts'

/** One utterance while it is being understood. */
export type Reading = Readonly<{
  /** More of it, and how long the caller has been silent at its end, ms. */
  push: (windows: readonly Int16Array[], silence_ms: number) => void
  /** It is over: what was said. */
  end: () => Promise<string>
  /** Nobody wants to know what was said. */
  drop: () => void
}>

export type ReadingOptions = Readonly<{
  clock: () => number
  /** Aborted when the call is over. */
  signal: AbortSignal
  onInterim: (text: string) => void
}>

export const lengthOf = (windows: readonly Int16Array[]): number =>
  (windows.reduce((sum, { length }) => sum + length, 0) * 1000) / UP_SAMPLE_RATE

export const joinedPieces = (texts: readonly string[]): string => texts.filter(Boolean).join(' ')
