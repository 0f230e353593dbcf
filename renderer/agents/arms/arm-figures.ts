import type { ArmStats } from '../../../core/contract/releases.ts'

/** One side of a comparison of calls: a version of a release, or an agent of the A/B weights. */
export type Arm = Readonly<{ key: string; name: string; stats: Omit<ArmStats, 'version'> | undefined }>

/** Past one of these a figure is told as bad, and its bar shows where that begins. */
export type ArmBounds = Readonly<{ error_rate?: number | undefined; silence_p95_ms?: number | undefined }>

export type Figure = 'error_rate' | 'silence_p50_ms' | 'silence_p95_ms'

/** A value with its place on the scale that all arms share, 0 to 1. */
export type Measured = Readonly<{ value: number; at: number; bound?: number; past: boolean }>

/** p50 and p95 are on one scale, so that bars can be compared across the columns too; a bound is on it, so that it is seen how far it is. */
export function measuredOf(arms: readonly Arm[], bounds: ArmBounds = {}): (arm: Arm, figure: Figure) => Measured | undefined {
  const all = (figure: Figure) => arms.flatMap(({ stats }) => stats?.[figure] ?? [])
  const silence = Math.max(0, ...all('silence_p50_ms'), ...all('silence_p95_ms'), bounds.silence_p95_ms ?? 0)
  const most = {
    error_rate: Math.max(0, ...all('error_rate'), bounds.error_rate ?? 0),
    silence_p50_ms: silence,
    silence_p95_ms: silence,
  }
  return ({ stats }, figure) => {
    const value = stats && stats.sessions > 0 ? stats[figure] : undefined
    if (value === undefined) return undefined
    const scale = most[figure]
    const bound = figure === 'silence_p50_ms' ? undefined : bounds[figure]
    const place = (of: number) => (scale > 0 ? of / scale : 0)
    return {
      value,
      at: place(value),
      ...(bound !== undefined && { bound: place(bound) }),
      past: bound !== undefined && value > bound,
    }
  }
}
