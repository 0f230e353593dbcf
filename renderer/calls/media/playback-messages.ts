/** Page → playback worklet. */
export type ToPlayback = Readonly<
  | { type: 'audio'; segment: number; pcm: Int16Array }
  | { type: 'flush' | 'clear'; segment: number }
  /** `reset`: the connection broke; whatever is queued is forgotten and answered to nobody. */
  | { type: 'reset' | 'stop' }
>

/** Playback worklet → page. `sample_time`: the audio context's time of the first sample, seconds. `level`: peak, 0…1. */
export type FromPlayback = Readonly<
  | { type: 'started'; segment: number; sample_time: number }
  | { type: 'finished'; segment: number; position_ms: number; interrupted: boolean }
  | { type: 'level'; level: number }
>
