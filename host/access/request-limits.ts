/**
 * How many requests a minute a tenant and a key may make, over all instances. Each instance takes small batches of requests from the store
 * ahead of their use, so that it asks the store once for many; what the store grants in a window is exact, so that nothing goes over the
 * limit. While the store does not answer each instance counts for itself: its outage is no reason to turn callers away.
 */
import { StudioError } from '../../core/contract/errors.ts'
import type { TenantId } from '../../core/contract/ids.ts'
import type { LimitStore } from '../../core/store/limits.ts'
import type { TenantScope } from '../../core/store/scope.ts'

const WINDOW_MS = 60_000
/** Part of the limit that an instance takes at once: what it does not use, others miss. */
const BATCH = 0.01
const MOST_BUCKETS = 50_000

/** So many requests a minute, of a tenant or of one of its keys. */
export type RequestLimit = Readonly<{ of: 'tenant' | 'key'; bucket: string; most: number }>

/** How a limit stands: `left` of this window as far as this instance knows, and when the next begins. */
export type RequestStanding = Readonly<{ of: 'tenant' | 'key'; most: number; left: number; reset_ms: number }>

/** `refused`: the request has to be answered with it, as `rate_limited`. */
export type Counted = Readonly<{ standings: readonly RequestStanding[]; refused?: StudioError }>

export type CountRequest = (scope: TenantScope, limits: readonly RequestLimit[]) => Promise<Counted>

export type RequestLimitsDeps = Readonly<{
  limits: Pick<LimitStore, 'takeRequests'>
  clock: () => number
  /** The store does not answer. */
  onFailure?: (cause: unknown) => void
}>

type Bucket = { most: number; tokens: number; granted: number; isEmpty: boolean; asking: Promise<void> | undefined }

/** Counts a request against all its limits, or against none of them when one is reached. */
export function createRequestCount({ limits, clock, onFailure }: RequestLimitsDeps): CountRequest {
  let window = 0
  let buckets = new Map<string, Bucket>()

  function bucketOf(tenant_id: TenantId, { bucket, most }: RequestLimit): Bucket {
    const now = Math.floor(clock() / WINDOW_MS)
    if (now !== window || buckets.size > MOST_BUCKETS) {
      window = now
      buckets = new Map()
    }
    const id = `${tenant_id} ${bucket} ${most}`
    const known = buckets.get(id) ?? { most, tokens: 0, granted: 0, isEmpty: false, asking: undefined }
    buckets.set(id, known)
    return known
  }
  async function ask(scope: TenantScope, { bucket, most }: RequestLimit, into: Bucket): Promise<void> {
    const want = Math.max(1, Math.ceil(most * BATCH))
    const granted = await limits.takeRequests(scope, bucket, window, want, most).catch((cause: unknown) => {
      onFailure?.(cause)
      return Math.min(want, Math.max(0, most - into.granted))
    })
    into.tokens += granted
    into.granted += granted
    into.isEmpty = granted < want
  }
  /** Sees to it that there is a request to take, if there is one left. */
  async function fill(scope: TenantScope, limit: RequestLimit): Promise<Bucket> {
    const bucket = bucketOf(scope.tenant_id, limit)
    while (bucket.tokens < 1 && !bucket.isEmpty) {
      bucket.asking ??= ask(scope, limit, bucket).finally(() => (bucket.asking = undefined))
      await bucket.asking
    }
    return bucket
  }

  return async (scope, wanted) => {
    if (wanted.length === 0) return { standings: [] }
    const here = () => wanted.map((limit) => ({ limit, bucket: bucketOf(scope.tenant_id, limit) }))
    const full = () => here().find(({ bucket }) => bucket.tokens < 1 && bucket.isEmpty)?.limit
    // What was filled first may have been taken by others, or the minute be over, while the second was asked for.
    while (!full() && here().some(({ bucket }) => bucket.tokens < 1)) for (const limit of wanted) await fill(scope, limit)
    const reached = full()
    const reset_ms = WINDOW_MS - (clock() % WINDOW_MS)
    const standings = here().map(({ limit: { of, most }, bucket }) => {
      if (!reached) bucket.tokens -= 1
      return { of, most, left: leftOf(bucket), reset_ms }
    })
    return reached ? { standings, refused: tooMany(reached, reset_ms) } : { standings }
  }
}

const leftOf = ({ most, tokens, granted, isEmpty }: Bucket): number => (isEmpty ? 0 : Math.max(0, most - granted)) + tokens

const tooMany = ({ of, most }: RequestLimit, retry_after_ms: number): StudioError =>
  new StudioError(
    'rate_limited',
    `This ${of === 'key' ? 'API key' : 'tenant'} may make ${most} requests a minute, and has made them.`,
    `Try again in ${Math.ceil(retry_after_ms / 1000)} s, or ask the operator of the server for more.`,
    [],
    { retry_after_ms },
  )

/** `RateLimit-Policy` and `RateLimit` as the IETF draft (httpapi-ratelimit-headers) writes them. */
export function rateLimitHeaders(standings: readonly RequestStanding[]): Readonly<Record<string, string>> {
  if (standings.length === 0) return {}
  return {
    'ratelimit-policy': standings.map(({ of, most }) => `"${of}";q=${most};w=${WINDOW_MS / 1000}`).join(', '),
    ratelimit: standings.map(({ of, left, reset_ms }) => `"${of}";r=${left};t=${Math.ceil(reset_ms / 1000)}`).join(', '),
  }
}
