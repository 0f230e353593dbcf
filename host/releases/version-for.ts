import type { DocumentJson } from '../../core/contract/agents.ts'
import type { Release } from '../../core/contract/releases.ts'
import { isInShare } from '../../core/routing/release-share.ts'
import type { ReleaseChoice } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'

/** What of an agent answers a caller of a server. `release`: whose arm that is, for the call's record. */
export type ChosenVersion = Readonly<{ revision: number; content: DocumentJson; enabled: boolean; release?: ReleaseChoice }>

/** Of whom a version is asked: the same `caller` (its `user_id`, else whatever tells callers apart) gets the same one. */
export type VersionQuery = Readonly<{
  agent_id: string
  caller: string
  /** The A/B weights of this name chose the agent: its calls are compared as well. */
  experiment?: string | undefined
}>

/** Undefined: there is no such agent. */
export type VersionFor = (scope: TenantScope, query: VersionQuery) => Promise<ChosenVersion | undefined>

/** The arms of A/B weights are counted where those of releases are: under the name of the experiment, by agent. */
export const experimentId = (experiment: string): string => `weights:${experiment}`

/**
 * What a caller gets: the version of a rollout for those in its share, what is served for everybody else. The store is asked for each call,
 * so that a changed share, and a rollout that was stopped, are at work everywhere with the next one.
 */
export function createVersionFor({ store }: Readonly<{ store: Pick<Store, 'agents' | 'versions' | 'releases'> }>): VersionFor {
  /** The state beside the document stays the agent's. */
  async function inPlaceOf(served: ChosenVersion, scope: TenantScope, release: Release): Promise<ChosenVersion> {
    const { agent_id, version, release_id } = release
    const found = await store.versions.findWithContent(scope, agent_id, version)
    return found ? { ...served, revision: found.revision, content: found.content, release: { release_id, version } } : served
  }

  return async (scope, { agent_id, caller, experiment }) => {
    const [found, rolling] = await Promise.all([store.agents.served(scope, agent_id), store.releases.rolling(scope)])
    if (!found) return undefined
    const served = { revision: found.revision, content: found.content, enabled: found.enabled }
    const release = rolling.find((one) => one.agent_id === found.agent_id)
    if (release && isInShare(release, caller)) return inPlaceOf(served, scope, release)
    if (release) return { ...served, release: { release_id: release.release_id, version: release.previous } }
    if (experiment === undefined) return served
    return { ...served, release: { release_id: experimentId(experiment), version: found.agent_id } }
  }
}
