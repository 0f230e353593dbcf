/**
 * Sends what webhooks have to be told, from any instance. An instance takes a delivery for a while; when it dies meanwhile another one takes
 * it, so that everything is sent at least once (the id in `webhook-id` stays the same). Threat: addresses are given by tenants, see
 * ../fetching/guarded-fetch.ts; what a server answers is not kept, as it may repeat what it was sent.
 */
import type { Logger } from 'pino'
import { UserId } from '../../core/contract/ids.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { StoredDelivery, StoredWebhook } from '../../core/store/webhooks.ts'
import type { GuardedFetch, GuardedResponse } from '../fetching/guarded-fetch.ts'
import { RefusedAddress } from '../fetching/refused-address.ts'
import { nextAttempt } from './retry-schedule.ts'
import { signDelivery } from './webhook-secret.ts'

export type DeliveryLoopDeps = Readonly<{
  store: Pick<Store, 'webhooks' | 'commit'>
  calls: Pick<CallStore, 'commit' | 'deliveries'>
  /** The signing secret of a webhook. */
  secretOf: (scope: TenantScope, webhook: StoredWebhook) => Promise<string>
  /** As far as the tenant may reach. */
  fetchOf: (scope: TenantScope) => Promise<GuardedFetch>
  clock: () => number
  log: Logger
  random?: () => number
  /** All in ms. */
  waits?: readonly number[]
  every_ms?: number
}>

export type DeliveryLoop = Readonly<{
  /** Something may be due. */
  kick: () => void
  /** Resolves when nothing is being sent any more. */
  close: () => Promise<void>
}>

const EVERY_MS = 5_000
const AT_ONCE = 20
const WITHIN_MS = 15_000
/** Longer than an attempt takes. */
const CLAIM_MS = 60_000
const SYSTEM = UserId.parse('greenroom')

type Outcome = Readonly<{ status?: number; error?: string; retry_after_ms?: number | undefined }>

export function createDeliveryLoop(deps: DeliveryLoopDeps): DeliveryLoop {
  const { store, calls, clock, log, every_ms = EVERY_MS } = deps
  const ending = new AbortController()
  let running: Promise<void> | undefined
  let again = false
  let timer: NodeJS.Timeout | undefined

  function kick(): void {
    clearTimeout(timer)
    if (ending.signal.aborted) return
    if (running) return void (again = true)
    again = false
    running = sendAll()
      .catch((error: unknown) => log.warn({ err: error }, 'webhooks could not be looked after'))
      .finally(() => {
        running = undefined
        if (again) kick()
        else if (!ending.signal.aborted) timer = setTimeout(kick, every_ms).unref()
      })
  }
  async function sendAll(): Promise<void> {
    for (;;) {
      const now = clock()
      const claimed = await calls.deliveries.claim(now, now + CLAIM_MS, AT_ONCE)
      await Promise.all(claimed.map(({ scope, delivery }) => send(scope, delivery)))
      if (claimed.length < AT_ONCE || ending.signal.aborted) return
    }
  }
  async function send(scope: TenantScope, delivery: StoredDelivery): Promise<void> {
    try {
      const webhook = (await store.webhooks.list(scope)).find(({ webhook_id }) => webhook_id === delivery.webhook_id)
      if (!webhook?.enabled)
        return await keep(scope, failed(delivery, { error: webhook ? 'It is disabled.' : 'It was removed.' }))
      const outcome = await attempt(scope, webhook, delivery)
      // Who is being stopped does not know how it went: the claim runs out, and it is sent again.
      if (ending.signal.aborted && outcome.status === undefined) return
      if (outcome.status === 410) await disable(scope, webhook)
      await keep(scope, after(delivery, outcome))
    } catch (error) {
      log.warn({ err: error, delivery_id: delivery.delivery_id }, 'a delivery could not be looked after; it comes again')
    }
  }
  const keep = async (scope: TenantScope, delivery: StoredDelivery): Promise<void> => {
    await calls.commit(scope, [{ kind: 'delivery.save', delivery }])
    if (delivery.state === 'waiting') setTimeout(kick, Math.min(every_ms, Math.max(0, (delivery.next_at ?? 0) - clock()))).unref()
  }
  async function attempt(scope: TenantScope, webhook: StoredWebhook, delivery: StoredDelivery): Promise<Outcome> {
    const body = JSON.stringify(delivery.body)
    try {
      const secret = await deps.secretOf(scope, webhook)
      const signed = signDelivery(secret, { id: delivery.delivery_id, at: clock(), body })
      const fetch = await deps.fetchOf(scope)
      return outcomeOf(
        await fetch(webhook.url, {
          ...{
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json', 'user-agent': 'Greenroom-Webhook', ...signed },
          },
          signal: AbortSignal.any([AbortSignal.timeout(WITHIN_MS), ending.signal]),
        }),
      )
    } catch (cause) {
      return { error: inWords(cause) }
    }
  }
  /** 410 Gone: its owner does not want to be told any more. */
  const disable = (scope: TenantScope, webhook: StoredWebhook) =>
    store.commit({ ...scope, user_id: SYSTEM }, [{ kind: 'webhook.save', webhook: { ...webhook, enabled: false } }], {
      ...{ action: 'webhook.disable', subject: webhook.webhook_id, detail: { status: 410 } },
    })

  function after(delivery: StoredDelivery, { retry_after_ms, ...outcome }: Outcome): StoredDelivery {
    const now = clock()
    const { next_at: _, status: __, error: ___, ...rest } = delivery
    const attempts = delivery.attempts + 1
    if (outcome.error === undefined) return { ...rest, ...outcome, attempts, state: 'delivered', delivered_at: now }
    const next_at =
      outcome.status === 410 ? undefined : nextAttempt({ attempts, now, retry_after_ms }, deps.random ?? Math.random, deps.waits)
    if (next_at === undefined) return failed({ ...rest, attempts }, outcome)
    return { ...rest, ...outcome, attempts, state: 'waiting', next_at }
  }

  return {
    kick,
    close: async () => {
      ending.abort()
      clearTimeout(timer)
      await running
    },
  }
}

function failed({ next_at: _, ...delivery }: StoredDelivery, outcome: Omit<Outcome, 'retry_after_ms'>): StoredDelivery {
  return { ...delivery, ...outcome, state: 'failed' }
}

function outcomeOf({ status, headers }: GuardedResponse): Outcome {
  if (status >= 200 && status < 300) return { status }
  const seconds = Number(headers['retry-after'])
  const retry_after_ms = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
  return {
    status,
    retry_after_ms,
    error: `The server answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}.`,
  }
}

/** The innermost: `fetch failed` alone says nothing. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  return codeOf(cause.cause) || ('code' in cause && typeof cause.code === 'string' ? cause.code : '')
}

/** Without what the other side said. */
function inWords(cause: unknown): string {
  if (cause instanceof RefusedAddress) return `${cause.message}.`
  if (cause instanceof StudioError) return cause.message
  if (cause instanceof Error && cause.name === 'TimeoutError') return `There was no answer within ${WITHIN_MS / 1000} s.`
  const code = codeOf(cause)
  return `The connection failed${code === '' ? '' : ` (${code})`}.`
}
