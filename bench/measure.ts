/** One side of a comparison: does the work once and returns what it cost, in the measure's unit. */
export type Sample = () => Promise<number> | number

export type Goal =
  /** Median of ours / median of the peer's must not exceed `most`. */
  | Readonly<{ kind: 'ratio'; most: number }>
  /** The 95th percentile of ours must not exceed `most`, in the measure's unit; there is no peer. */
  | Readonly<{ kind: 'p95'; most: number }>

export type Measure = Readonly<{
  /** Row of the table in docs/performance.md: P1, P2, … */
  id: string
  name: string
  peer: string
  unit: 'ms' | 'µs' | 'MB'
  goal: Goal
  /** Absent: 15, the least that a median of noisy machines wants. */
  samples?: number
  /** Why it cannot be measured here, when it cannot. */
  skip?: () => string | undefined
  prepare: () => Promise<Readonly<{ ours: Sample; peer?: Sample; close?: () => Promise<void> }>>
}>

export type Result = Readonly<{
  id: string
  name: string
  peer: string
  unit: string
  ours: Spread
  theirs?: Spread
  value: number
  goal: Goal
  met: boolean
}>
export type Spread = Readonly<{ median: number; p95: number; min: number; max: number }>

const WARM_UP = 2

/** Runs both sides turn by turn (A/B/A/B) in this process, drops the warm-up, and judges ratios only. */
export async function run(measure: Measure): Promise<Result> {
  const { ours, peer, close } = await measure.prepare()
  const costs: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
  try {
    for (let round = -WARM_UP; round < (measure.samples ?? 15); round++) {
      const mine = await ours()
      const theirs = peer ? await peer() : undefined
      if (round < 0) continue
      costs.ours.push(mine)
      if (theirs !== undefined) costs.peer.push(theirs)
    }
  } finally {
    await close?.()
  }
  return judge(measure, spread(costs.ours), costs.peer.length > 0 ? spread(costs.peer) : undefined)
}

export function judge(measure: Omit<Measure, 'prepare' | 'samples' | 'skip'>, ours: Spread, theirs: Spread | undefined): Result {
  const { id, name, peer, unit, goal } = measure
  const value = goal.kind === 'p95' || !theirs ? ours.p95 : ours.median / theirs.median
  return { id, name, peer, unit, goal, ours, value, met: value <= goal.most, ...(theirs && { theirs }) }
}

export function spread(costs: readonly number[]): Spread {
  const sorted = costs.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95), min: at(0), max: at(1) }
}
