import type { TenantScope } from './scope.ts'

/** Something was committed; who needs the new state reads it. Working copies do not appear here. */
export type FeedEntry = Readonly<{ kind: string; subject: string; at: number }>

/** Everything committed since a token, in order; a token stays good over restarts. */
export type ChangeFeed = Readonly<{
  /** Without a token: from now on (no entries, and the token to go on from). */
  since: (
    scope: TenantScope,
    token: string | undefined,
    limit: number,
  ) => Promise<Readonly<{ entries: readonly FeedEntry[]; token: string }>>
}>
