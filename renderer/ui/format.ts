const UNITS = ['B', 'kB', 'MB', 'GB'] as const

/** As people read it: 812 B, 4.2 kB, 118 MB. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), UNITS.length - 1)
  const value = bytes / 1000 ** step
  const digits = step > 0 && value < 10 ? 1 : 0
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value)} ${UNITS[step] ?? 'B'}`
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Today's moments by their time alone. */
export function formatMoment(at: number, now = Date.now()): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  return sameDay ? `Today ${time.format(at)}` : dateAndTime.format(at)
}
