import type { SessionId } from '../contract/ids.ts'
import type { Limits } from '../contract/tenants.ts'
import type { TenantScope } from './scope.ts'

/** Which limit is reached, and how it stands. */
export type LimitReached = Readonly<{
  limit: 'sessions' | 'minutes_per_month'
  of: 'tenant' | 'key' | 'server'
  used: number
  most: number
}>

/** A place among the calls of a tenant. `key_id`: the key whose own limits count as well. */
export type SessionPlace = Readonly<{ session_id: SessionId; key_id?: string | undefined; owner: string; lease_until: number }>

/**
 * What is used of limits, shared by all instances through the store. Sessions and minutes are exact: taken in one transaction that locks
 * the tenant's row, and given back by a lease that runs out when their holder dies. Requests are taken in batches of tokens, so that an
 * instance asks the store once for many.
 */
export type LimitStore = Readonly<{
  /** Resolves to what is reached, or undefined when the place is taken. The same session again only renews. `server`: calls of all tenants. */
  takePlace: (
    scope: TenantScope,
    place: SessionPlace,
    limits: Readonly<{ tenant: Limits; key?: Limits | undefined; server?: number | undefined }>,
    now: number,
  ) => Promise<LimitReached | undefined>
  renewPlaces: (owner: string, session_ids: readonly SessionId[], lease_until: number) => Promise<void>
  leavePlace: (scope: TenantScope, session_id: SessionId) => Promise<void>
  /**
   * Takes ms of the month (`2026-11`, UTC) ahead of their use; resolves to how many are granted, all or what is left. What each session took
   * is kept by month, until it is settled. `key`: counts for the key's own limits as well.
   */
  takeMinutes: (
    scope: TenantScope,
    use: Readonly<{
      session_id: SessionId
      month: string
      ms: number
      key?: Readonly<{ key_id: string; limits: Limits }> | undefined
    }>,
    limits: Limits,
  ) => Promise<Readonly<{ granted_ms: number; used_ms: number }>>
  /**
   * The session is over: in place of everything that it took of any month stands what it used (by month, ms), whoever took it. Again
   * settles nothing more. One that never took anything has used nothing.
   */
  settleMinutes: (scope: TenantScope, session_id: SessionId, used: Readonly<Record<string, number>>) => Promise<void>
  /** Takes up to `want` requests of a window of one minute (`window`: its number) for a bucket such as `tenant` or `key:ID`. */
  takeRequests: (scope: TenantScope, bucket: string, window: number, want: number, most: number) => Promise<number>
  /** Of every tenant: forgets what was used in months and minutes before the one of `before` (ms); resolves to how many rows went. */
  prune: (before: number) => Promise<number>
  usage: (scope: TenantScope, month: string, now: number) => Promise<Readonly<{ sessions: number; minutes_ms: number }>>
}>
