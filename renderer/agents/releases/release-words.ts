import type { AgentVersion } from '../../../core/contract/index.ts'
import type { ArmStats, Release } from '../../../core/contract/releases.ts'
import type { Arm } from '../arms/arm-figures.ts'

/** What can be released: every version but the one that everybody has; newest first, as they were published. */
export const releasable = (versions: readonly AgentVersion[], production: string | undefined): readonly string[] =>
  [...versions]
    .sort((a, b) => b.created_at - a.created_at)
    .map(({ version }) => version)
    .filter((version) => version !== production)

/** The release that is looked after: the newest, while it rolls or was stopped; one that is complete is history. */
export const releaseAtWork = (releases: readonly Release[]): Release | undefined =>
  releases.find(({ state }) => state === 'rolling') ?? (releases[0]?.state === 'stopped' ? releases[0] : undefined)

/** Both versions, the old one first, whether they had calls or not. */
export const armsOf = ({ previous, version }: Release, stats: readonly ArmStats[]): readonly Arm[] =>
  [...new Set([previous, version])].map((name) => ({ key: name, name, stats: stats.find((one) => one.version === name) }))

const callsText = (count: number) => (count === 1 ? '1 call' : `${count} calls`)

/** How far the automatic stop is: what of the new version's calls it waits for, or that it watches. */
export function judgementWords({ version, bounds }: Release, stats: readonly ArmStats[]): string {
  const calls = stats.find((one) => one.version === version)?.sessions ?? 0
  const { min_sessions } = bounds
  if (calls === 0) return `Nobody has called ${version} yet. It is judged once it has answered ${callsText(min_sessions)}.`
  if (calls < min_sessions) return `${version} has answered ${calls} of the ${callsText(min_sessions)} after which it is judged.`
  return `Judged with every call that ends: past a bound, everybody gets the version before.`
}
