/**
 * Waits for what is committed next. Threat: whoever waits asks the store whenever anybody of any tenant commits, so that a tenant who waits a
 * thousand times makes each commit a thousand questions.
 */
import { StudioError } from '../../core/contract/errors.ts'
import type { ChangeFeed } from '../../core/store/change-feed.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { deferred } from '../runtime/deferred.ts'

type FeedPage = Awaited<ReturnType<ChangeFeed['since']>>
type Wait = Readonly<{ since: string; limit: number; wait_ms: number; signal: AbortSignal }>

/** Of one tenant, on one instance. */
const MOST_WAITING = 100

/** Resolves to what was committed since a token, as soon as there is something, or to nothing in the end. Throws `rate_limited`. */
export function createNextChanges(feed: Pick<ChangeFeed, 'since' | 'watch'>) {
  const waiting = new Map<string, number>()

  async function next(scope: TenantScope, { since, limit, wait_ms, signal }: Wait): Promise<FeedPage> {
    const enough = AbortSignal.any([signal, AbortSignal.timeout(wait_ms)])
    const late = new Promise<void>((resolve) => enough.addEventListener('abort', () => resolve(), { once: true }))
    let heard = deferred<void>()
    const stop = feed.watch(() => heard.resolve())
    try {
      for (;;) {
        // Listened before it is read, so that nothing falls between.
        heard = deferred<void>()
        const page = await feed.since(scope, since, limit)
        if (page.entries.length > 0 || enough.aborted) return page
        await Promise.race([heard.promise, late])
      }
    } finally {
      stop()
    }
  }

  return async (scope: TenantScope, wait: Wait): Promise<FeedPage> => {
    const { tenant_id } = scope
    const others = waiting.get(tenant_id) ?? 0
    if (others >= MOST_WAITING) throw tooMany()
    waiting.set(tenant_id, others + 1)
    try {
      return await next(scope, wait)
    } finally {
      const left = (waiting.get(tenant_id) ?? 1) - 1
      if (left > 0) waiting.set(tenant_id, left)
      else waiting.delete(tenant_id)
    }
  }
}

const AGAIN_MS = 5_000

const tooMany = (): StudioError =>
  new StudioError(
    'rate_limited',
    `${MOST_WAITING} requests of this tenant wait for changes already.`,
    'Wait in one place, and tell the others from there.',
    [],
    { retry_after_ms: AGAIN_MS },
  )
