import type { voice } from '@livekit/agents'

/** Tells when the first sample of a stretch of speech was heard, on the session's clock. */
export type HeardMark = (at: number, uncertainty_ms?: number) => void

export type LineListener = Readonly<{
  /** Sound begins that belongs to what is being said now. */
  onSegment: () => HeardMark
  /** The caller's microphone was muted, or is on again. */
  onMuted: (muted: boolean) => void
  /** True: nothing gets through, and what is being said waits; false: it goes on. */
  onHeld: (held: boolean) => void
}>

/** What carries a voice call's sound both ways: the WebSocket of a page, or a LiveKit room. */
export type VoiceLine = Readonly<{
  microphone: voice.AudioInput
  /** Reports each segment as finished exactly once: the session waits for it, and would otherwise wait for ever. */
  speaker: voice.AudioOutput
  /** Nothing more is said or heard; what is on its way counts as interrupted. */
  hangUp: () => void
  close: () => Promise<void>
}>

/** What a call does when the caller comes and goes; whoever carries it knows. */
export type CallerListener = Readonly<{
  /** There is somebody to talk to; may be told again. */
  onThere: () => void
  /** Nobody hears what is being said. */
  onGone: () => void
  /** The caller will not come any more. */
  onLost: (reason: string) => void
}>
