/** Waits before the n-th restart in a row, ms. */
const WAITS = [250, 500, 1000, 2000, 5000, 10_000, 30_000] as const
/** What lived so long was well, and the count begins again. */
const HEALTHY_MS = 30_000

/** How long to wait before something that lived `lived` ms is started again. */
export function createBackOff(): (lived: number) => number {
  let restarts = 0
  return (lived) => {
    if (lived > HEALTHY_MS) restarts = 0
    const wait = WAITS[Math.min(restarts, WAITS.length - 1)] ?? HEALTHY_MS
    restarts += 1
    return wait
  }
}
