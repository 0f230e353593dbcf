/**
 * The page's clock, ms: monotonic, and counted from the epoch, so that a reload or another window does not begin again at zero for a
 * session that has learned the offset of the one before.
 */
export const pageNow = (): number => performance.timeOrigin + performance.now()

/** What pings have told about the session's clock: `offset_ms` = session clock - page clock, known to ± `uncertainty_ms`. */
export type ClockReading = Readonly<{ offset_ms: number; round_trip_ms: number; uncertainty_ms: number }>

export type Pong = Readonly<{
  /** Page clock when the ping left. */ sent: number
  /** Session clock. */ clock: number
  /** Page clock now. */ now: number
}>

/** Round trips older than this are forgotten, so that drift between the clocks cannot hide behind one lucky ping. */
const WINDOW_MS = 120_000

type Sample = Readonly<{ at: number; offset_ms: number; round_trip_ms: number }>

/** The best estimate is that of the smallest round trip: what delays a message only ever makes it longer. */
export function createPageClock() {
  let samples: readonly Sample[] = []
  return {
    learn({ sent, clock, now }: Pong): ClockReading {
      const round_trip_ms = Math.max(0, now - sent)
      const sample = { at: now, offset_ms: clock - (sent + round_trip_ms / 2), round_trip_ms }
      samples = [...samples.filter(({ at }) => now - at <= WINDOW_MS), sample]
      return readingOf(samples, sample)
    },
    /** After a reconnect the other end may be a new process with a clock of its own. */
    forget(): void {
      samples = []
    },
    reading: (): ClockReading | undefined => (samples[0] ? readingOf(samples, samples[0]) : undefined),
  }
}

function readingOf(samples: readonly Sample[], first: Sample): ClockReading {
  const best = samples.reduce((least, sample) => (sample.round_trip_ms < least.round_trip_ms ? sample : least), first)
  return { offset_ms: best.offset_ms, round_trip_ms: best.round_trip_ms, uncertainty_ms: best.round_trip_ms / 2 }
}

export type OutputMoment = Readonly<{
  /** Context time of the sample, seconds. */
  sampleTime: number
  /** Context time now, seconds, and the page clock now, ms. */
  currentTime: number
  now: number
  /** What `AudioContext.getOutputTimestamp()` says, on the same clocks; absent while the device has not started. */
  output?: Readonly<{ contextTime: number; at: number }> | undefined
  /** Seconds. */
  outputLatency: number
}>

/** When a sample is audible, on the page's clock (ms), the output's latency included. */
export function audibleAt(moment: OutputMoment): number {
  const { sampleTime, currentTime, now, output, outputLatency } = moment
  const byEstimate = now + (sampleTime - currentTime + outputLatency) * 1000
  if (!output) return byEstimate
  const byDevice = output.at + (sampleTime - output.contextTime) * 1000
  // Some devices report a timestamp that stands still; a difference above half a second is not latency.
  return Math.abs(byDevice - byEstimate) > 500 ? byEstimate : byDevice
}
