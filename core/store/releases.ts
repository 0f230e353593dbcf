import type { Release } from '../contract/releases.ts'
import type { Paged } from './agents.ts'
import type { PageOf } from './directory.ts'
import type { TenantScope } from './scope.ts'

export type ReleaseReads = Readonly<{
  find: (scope: TenantScope, release_id: string) => Promise<Release | undefined>
  /** Newest first. */
  list: (scope: TenantScope, query: PageOf & Readonly<{ agent_id?: string | undefined }>) => Promise<Paged<Release>>
  /** The one that splits an agent's callers now. */
  rolling: (scope: TenantScope) => Promise<readonly Release[]>
}>

/**
 * In place of the one with this id; at most one of an agent is `rolling`. `based_on`: compare and swap, its `updated_at` must still be this
 * one, so that of several instances only one stops a rollout.
 */
export type ReleaseChange = Readonly<{ kind: 'release.save'; release: Release; based_on?: number }>
