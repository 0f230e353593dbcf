import type { TenantId } from '../contract/ids.ts'
import type { TenantScope } from './scope.ts'

/** Something was committed; who needs the new state reads it. Working copies do not appear here. */
export type FeedEntry = Readonly<{ kind: string; subject: string; at: number }>
export type TenantFeedEntry = FeedEntry & Readonly<{ tenant_id: TenantId }>

/**
 * Everything committed since a token, in order and none left out, whoever commits at the same time. A token stays good over restarts, as long
 * as what came after it is kept; then it is `malformed`, and whoever has it reads everything anew.
 */
export type ChangeFeed = Readonly<{
  /** Without a token: from now on (no entries, and the token to go on from). */
  since: (
    scope: TenantScope,
    token: string | undefined,
    limit: number,
  ) => Promise<Readonly<{ entries: readonly FeedEntry[]; token: string }>>
  /** Of every tenant, for instances that serve them all. */
  sinceAll: (
    token: string | undefined,
    limit: number,
  ) => Promise<Readonly<{ entries: readonly TenantFeedEntry[]; token: string }>>
  /**
   * `onChange`: ask `since` again, something was committed by this or another instance. Entries that come while the connection is away are
   * told of when it is back. Returns how to stop.
   */
  watch: (onChange: () => void) => () => void
  /** Of every tenant: what was committed before `before` (ms) is told no more; resolves to how many entries went. */
  prune: (before: number) => Promise<number>
}>
