/** What many home lines carry, said beside the estimate: nobody knows this one before it is used. */
const LINE_MBIT_PER_S = 20

/** `about 80 s at 20 Mbit/s`. */
export function downloadTime(bytes: number): string {
  const seconds = (bytes * 8) / (LINE_MBIT_PER_S * 1e6)
  const time =
    seconds < 95
      ? `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`
      : seconds < 5700
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`
  return `about ${time} at ${LINE_MBIT_PER_S} Mbit/s`
}
