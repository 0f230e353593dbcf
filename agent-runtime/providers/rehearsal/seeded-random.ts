/** Random numbers in [0, 1) that a seed repeats. */
export type Random = () => number

/** mulberry32: 32 bits of state are plenty for choosing words and pauses. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A seed of its own for each text, so that one call's turns differ and a second call repeats them. */
export function seedOf(seed: number, text: string): number {
  let hash = (2_166_136_261 ^ seed) >>> 0
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619) >>> 0
  return hash
}

export const pick = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[Math.floor(random() * items.length)] ?? items[0]

/**
 * A waiting time with the given median and 95th percentile, log-normal as network and queue times are.
 * `p50`/`p95` in ms; the result is never below a tenth of the median.
 */
export function skewedDelay(random: Random, p50: number, p95: number): number {
  if (p50 <= 0) return 0
  const sigma = Math.log(Math.max(p95, p50) / p50) / 1.644_854
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.max(p50 / 10, p50 * Math.exp(sigma * normal))
}
