import type { TenantId } from '../contract/ids.ts'
import type { TenantScope } from './scope.ts'

/** Something was committed; who needs the new state reads it. Working copies do not appear here. */
export type FeedEntry = Readonly<{ kind: string; subject: string; at: number }>
export type TenantFeedEntry = FeedEntry & Readonly<{ tenant_id: TenantId }>

/** Everything committed since a token, in order and none left out, whoever commits at the same time; a token stays good over restarts. */
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
}>
