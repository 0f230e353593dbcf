import type { ArmStats, Release, ReleaseBounds } from '../contract/releases.ts'

const percent = (share: number): string => `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(share * 100)}%`
const ms = (value: number): string => `${new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(value)} ms`

/** Why a rollout has to stop, in plain words; undefined: it may go on. Only the new version is judged, once enough calls were answered by it. */
export const releaseVerdict = ({ version, bounds }: Release, arms: readonly ArmStats[]): string | undefined =>
  armVerdict(
    version,
    bounds,
    arms.find((one) => one.version === version),
  )

/** Which bound the calls of `name` are past, in plain words; undefined: none, or it has answered too few of them to say. */
export function armVerdict(name: string, bounds: ReleaseBounds, arm: Omit<ArmStats, 'version'> | undefined): string | undefined {
  if (!arm || arm.sessions < bounds.min_sessions) return undefined
  const { sessions, error_rate, silence_p95_ms } = arm
  if (error_rate > bounds.max_error_rate) {
    const failed = Math.round(error_rate * sessions)
    return `${failed} of ${sessions} sessions of ${name} had an error (${percent(error_rate)}); the bound is ${percent(bounds.max_error_rate)}.`
  }
  const { max_silence_p95_ms } = bounds
  if (max_silence_p95_ms === undefined || silence_p95_ms === undefined || silence_p95_ms <= max_silence_p95_ms) return undefined
  return `The silence before answers of ${name} is ${ms(silence_p95_ms)} at p95 over ${sessions} sessions; the bound is ${ms(max_silence_p95_ms)}.`
}
