import type { AgentVersion } from '../../../core/contract/agents.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { OutputOf } from '../../../core/contract/index.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'

/** Published versions, newest first, with the labels that point at each. */
export async function listVersions(
  store: Store,
  scope: TenantScope,
  { summary }: Pick<StoredAgent, 'summary'>,
): Promise<OutputOf<'config.versions'>> {
  const versions = (await store.versions.list(scope, summary.agent_id)).map(({ agent_id: _, created_at, ...version }) => ({
    ...version,
    created_at: new Date(created_at).toISOString(),
    labels: Object.keys(summary.labels).filter((label) => summary.labels[label] === version.version),
  }))
  return { versions, count: versions.length }
}

/** The number after the highest one: its next patch. */
export function nextVersion(versions: readonly Pick<AgentVersion, 'version'>[]): string {
  const highest = versions
    .map(({ version }) => numbersOf(version))
    .sort(compare)
    .at(-1)
  if (!highest) return '1.0.0'
  const [major = 0, minor = 0, patch = 0] = highest
  return `${major}.${minor}.${patch + 1}`
}

/** The version that was made before the one that is served; throws `conflict` where there is none. */
export function versionBefore(versions: readonly AgentVersion[], shown: string | undefined, agent_id: string): string {
  const at = versions.findIndex(({ version }) => version === shown)
  const before = versions[at + 1]
  if (before) return before.version
  throw new StudioError(
    'conflict',
    `"${agent_id}" has no version before ${shown ?? 'the present one'}.`,
    'Name a version of its history.',
  )
}

const numbersOf = (version: string): readonly number[] => (version.split('-')[0] ?? '').split('.').map(Number)

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
