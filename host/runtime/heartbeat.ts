const CHECK_MS = 1000

export type Heartbeat = Readonly<{ beat: () => void; stop: () => void }>

/**
 * Calls `onSilence` once when nobody beats for `silenceMs`. Time in which this process itself did not run (a sleeping laptop, a busy
 * machine) is nobody's silence.
 */
export function watchHeartbeat(silenceMs: number, onSilence: () => void): Heartbeat {
  let silent = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    silent += Math.min(now - last, 2 * CHECK_MS)
    last = now
    if (silent < silenceMs) return
    clearInterval(timer)
    onSilence()
  }, CHECK_MS).unref()
  return {
    beat: () => {
      silent = 0
    },
    stop: () => clearInterval(timer),
  }
}
