/** The calendar month of a moment in UTC, as `2026-11`. */
export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)

/** How much of a stretch lies in each calendar month (UTC), in ms. */
export function monthsBetween(from: number, to: number): Readonly<Record<string, number>> {
  const used: Record<string, number> = {}
  for (let at = from; at < to;) {
    const day = new Date(at)
    const next = Math.min(to, Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1))
    used[monthOf(at)] = next - at
    at = next
  }
  return used
}
