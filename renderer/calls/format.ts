const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const TENTH = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 })

/** `402 ms`, `12.3 s`. */
export const formatMs = (ms: number): string =>
  Math.abs(ms) < 10_000 ? `${WHOLE.format(ms)} ms` : `${TENTH.format(ms / 1000)} s`

/** `1.8 s`. */
export const formatSeconds = (ms: number): string => `${TENTH.format(ms / 1000)} s`

export const formatCount = (count: number): string => WHOLE.format(count)

/** `3 turns`, `1 turn`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${WHOLE.format(count)} ${count === 1 ? one : many}`

/** `04:07`, `1:02:33`. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
