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

/** In place of the one with this id; at most one of an agent is `rolling`. */
export type ReleaseChange = Readonly<{ kind: 'release.save'; release: Release }>
