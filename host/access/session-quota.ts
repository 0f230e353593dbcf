/**
 * How many calls at once, and how many minutes of calls in a month, a tenant and a key may have, over all instances. Threat: a limit that is
 * passed when many calls begin together, or that a crash leaves too full. So a place is taken in the store by a lease, minutes are taken
 * ahead in slices, and what a call took is settled by what it used when it ends, by whichever instance ends it.
 */
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { Limits } from '../../core/contract/tenants.ts'
import type { DirectoryReads } from '../../core/store/directory.ts'
import type { LimitReached, LimitStore } from '../../core/store/limits.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { monthOf, monthsBetween } from './month.ts'

/** A call without a word from its holder for so long has left its place. */
const LEASE_MS = 15_000
/** Minutes are taken ahead by so much, and again when less than half of it is left. */
const SLICE_MS = 60_000
const MINUTE_MS = 60_000

export type SessionQuotaDeps = Readonly<{
  limits: Pick<LimitStore, 'takePlace' | 'renewPlaces' | 'leavePlace' | 'takeMinutes' | 'settleMinutes' | 'usage'>
  /** Limits of a tenant and, where a key is named, of that key; asked anew for each call. */
  directory: Pick<DirectoryReads, 'tenant' | 'keys'>
  /** Which instance this is. */
  owner: string
  /** Calls of all tenants together; absent: no limit. */
  most_sessions?: number | undefined
  clock: () => number
  /** The store does not answer, or refused what it should not. */
  onFailure: (cause: unknown) => void
}>

export type Admission = Readonly<{ session_id: SessionId; key_id?: string | undefined }>
type Held = {
  scope: TenantScope
  limits: Limits
  key: Readonly<{ key_id: string; limits: Limits }> | undefined
  taken_until: number
}

export type SessionQuota = Readonly<{
  /** Takes a place and the first minute. Throws `quota_exceeded` in words for the caller. One that is admitted again keeps its place. */
  admit: (scope: TenantScope, admission: Admission) => Promise<void>
  /** To be called every few seconds (at most LEASE_MS apart). Resolves to the calls whose tenant has no minutes left: they have to end. */
  renew: () => Promise<readonly SessionId[]>
  /** It was given up before it began, or is over: its place is free, and the minutes count that it really took. */
  leave: (scope: TenantScope, ended: Readonly<{ session_id: SessionId; started_at: number; ended_at: number }>) => Promise<void>
  /** Another instance goes on with it, and has its place and minutes from now on. */
  forget: (session_id: SessionId) => void
}>

export function createSessionQuota(deps: SessionQuotaDeps): SessionQuota {
  const { limits, directory, owner, most_sessions, clock, onFailure } = deps
  const held = new Map<SessionId, Held>()

  /** Resolves to whether the tenant has minutes left for it. */
  async function takeSlice(session_id: SessionId, call: Held): Promise<boolean> {
    const now = clock()
    const slice = { session_id, month: monthOf(now), ms: SLICE_MS, key: call.key }
    const { granted_ms } = await limits.takeMinutes(call.scope, slice, call.limits)
    call.taken_until = Math.max(call.taken_until, now) + granted_ms
    return granted_ms > 0
  }
  async function limitsOf(scope: TenantScope, key_id: string | undefined) {
    const tenant = await directory.tenant(scope.tenant_id)
    if (!tenant?.enabled) throw disabled()
    const key = key_id === undefined ? undefined : await findKey(directory, scope, key_id)
    return { tenant: tenant.limits, key: key?.limits, server: most_sessions }
  }
  /** Whose minutes they are of which none was granted, and how many there were. */
  async function emptyOf(scope: TenantScope, { tenant, key }: Readonly<{ tenant: Limits; key?: Limits | undefined }>) {
    const [mine, its] = [tenant.minutes_per_month, key?.minutes_per_month]
    if (typeof its !== 'number') return { of: 'tenant', most: mine ?? 0 } as const
    const { minutes_ms } = await limits.usage(scope, monthOf(clock()), clock())
    const isTenant = typeof mine === 'number' && minutes_ms >= mine * MINUTE_MS
    return isTenant ? ({ of: 'tenant', most: mine } as const) : ({ of: 'key', most: its } as const)
  }
  /** Past its slice, a call may go on only with another one. */
  async function goOn(session_id: SessionId, call: Held): Promise<boolean> {
    if (call.taken_until - clock() > SLICE_MS / 2) return true
    try {
      return (await takeSlice(session_id, call)) || call.taken_until > clock()
    } catch (cause) {
      onFailure(cause)
      return true // a store that is away ends no call
    }
  }
  return {
    async admit(scope, { session_id, key_id }) {
      const of = await limitsOf(scope, key_id)
      const now = clock()
      const key = key_id !== undefined && of.key ? { key_id, limits: of.key } : undefined
      const call: Held = { scope, limits: of.tenant, key, taken_until: now }
      try {
        const reached = await limits.takePlace(scope, { session_id, key_id, owner, lease_until: now + LEASE_MS }, of, now)
        if (reached) throw exceeded(reached)
      } catch (cause) {
        if (!isAway(cause) || isLimited(of.tenant) || isLimited(of.key ?? {})) throw cause
        // Nothing of it has to be counted exactly; the host's own bound stands.
        onFailure(cause)
        return void held.set(session_id, call)
      }
      try {
        if (!(await takeSlice(session_id, call))) throw noMinutes(await emptyOf(scope, of))
      } catch (cause) {
        await limits.leavePlace(scope, session_id).catch(onFailure)
        throw cause
      }
      held.set(session_id, call)
    },
    async renew() {
      const ids = [...held.keys()]
      if (ids.length === 0) return []
      await limits.renewPlaces(owner, ids, clock() + LEASE_MS).catch(onFailure)
      const goesOn = await Promise.all([...held].map(([session_id, call]) => goOn(session_id, call)))
      return ids.filter((_, at) => goesOn[at] === false)
    },
    async leave(scope, { session_id, started_at, ended_at }) {
      held.delete(session_id)
      // A place that is not given back runs out by itself; minutes that are not settled would count for ever.
      try {
        await limits.settleMinutes(scope, session_id, monthsBetween(started_at, ended_at))
      } finally {
        await limits.leavePlace(scope, session_id)
      }
    },
    forget: (session_id) => void held.delete(session_id),
  }
}

const isAway = (cause: unknown): boolean => cause instanceof StudioError && cause.code === 'unavailable'

const isLimited = ({ sessions, minutes_per_month }: Limits): boolean =>
  typeof sessions === 'number' || typeof minutes_per_month === 'number'

async function findKey(directory: SessionQuotaDeps['directory'], scope: TenantScope, key_id: string) {
  let cursor: string | undefined
  do {
    const page = await directory.keys(scope, { limit: 500, cursor })
    const found = page.rows.find((key) => key.key_id === key_id)
    if (found) return found
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return undefined
}

const WHOSE = { tenant: 'This tenant', key: 'This API key', server: 'This server' } as const

function exceeded({ limit, of, used, most }: LimitReached): StudioError {
  const message =
    limit === 'sessions'
      ? `${WHOSE[of]} may have ${most} call${most === 1 ? '' : 's'} at once, and ${used} go on.`
      : `${WHOSE[of]} may use ${most} minute${most === 1 ? '' : 's'} of calls a month, and ${used} ${used === 1 ? 'is' : 'are'} used.`
  const hint = limit === 'sessions' ? 'Try again when a call has ended.' : 'Calls are possible again next month (UTC).'
  return new StudioError('quota_exceeded', message, hint, [{ path: `/limits/${limit}`, message: `${used} of ${most}` }])
}

const noMinutes = ({ of, most }: Pick<LimitReached, 'of' | 'most'>): StudioError =>
  exceeded({ limit: 'minutes_per_month', of, used: most, most })

const disabled = (): StudioError => new StudioError('forbidden', 'This tenant is disabled.', 'Ask the operator of the server.')
