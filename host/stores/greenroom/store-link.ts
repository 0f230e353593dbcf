/**
 * The connection to another Greenroom's store. Threat: the key of an operator goes over this line. So it is sent to the configured origin
 * alone (no redirects are followed), stands in no message and no log, and an address that carries a password is refused.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { v7 } from 'uuid'
import { ErrorBody, StudioError } from '../../../core/contract/errors.ts'
import { parseJson, type Json } from '../../../core/json.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { StoreMethod } from './store-method.ts'

export type StoreLink = Readonly<{
  /** Without a scope: whose the credential is. `once`: the key under which a write happens once, if the caller has one. */
  call: <Result>(
    method: StoreMethod<Result>,
    scope: TenantScope | undefined,
    args: readonly unknown[],
    once?: string,
  ) => Promise<Result>
  post: (path: string, body: unknown, options: PostOptions) => Promise<unknown>
  close: () => void
}>

type PostOptions = Readonly<{ within_ms: number; tenant_id?: string | undefined; signal?: AbortSignal }>
export type LinkOptions = Readonly<{ origin: string; api_key: string | undefined }>

const READ_MS = 10_000
const WRITE_MS = 30_000
const PAUSES_MS = [100, 500, 1500]
const TENANT_HEADER = 'x-greenroom-tenant'

const Answer = z.object({ result: z.unknown().optional(), instance: z.string() })
const Failure = z.object({ error: ErrorBody })

export function createStoreLink({ origin, api_key }: LinkOptions): StoreLink {
  const closing = new AbortController()

  async function post(path: string, body: unknown, { within_ms, tenant_id, signal }: PostOptions): Promise<unknown> {
    const until = AbortSignal.any([closing.signal, AbortSignal.timeout(within_ms), ...(signal ? [signal] : [])])
    const reply = await answer(`${origin}${path}`, {
      method: 'POST',
      redirect: 'error',
      signal: until,
      headers: {
        'content-type': 'application/json',
        ...(api_key !== undefined && { authorization: `Bearer ${api_key}` }),
        ...(tenant_id !== undefined && { [TENANT_HEADER]: tenant_id }),
      },
      body: JSON.stringify(body),
    })
    if (reply.ok && reply.body !== undefined) return reply.body
    throw failureOf(reply)
  }

  async function call<Result>(
    method: StoreMethod<Result>,
    scope: TenantScope | undefined,
    args: readonly unknown[],
    once = v7(),
  ): Promise<Result> {
    const asked = { args: JSON.stringify(args), ...(scope && { user_id: scope.user_id }), ...(method.writes && { key: once }) }
    const path = `/api/v1/store/${encodeURIComponent(method.name)}`
    const options = { within_ms: method.writes ? WRITE_MS : READ_MS, tenant_id: scope?.tenant_id }
    for (let tries = 0; ; tries += 1) {
      try {
        // Under the same key, so that a write whose answer was lost happens once, whichever instance is asked now.
        return method.read(Answer.parse(await post(path, asked, options)).result)
      } catch (cause) {
        const pause = PAUSES_MS[tries]
        if (!(cause instanceof LostReply) || pause === undefined || closing.signal.aborted) throw plain(cause)
        await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
  }
  return { call, post, close: () => closing.abort() }
}

/** Nobody knows whether it arrived. */
class LostReply extends StudioError {
  constructor(why: string, cause?: unknown) {
    super('unavailable', `The other Greenroom cannot be reached: ${why}.`, 'Look whether it runs, and at --store.', [], { cause })
  }
}

type Reply = Readonly<{ ok: boolean; status: number; body: Json | undefined }>

async function answer(url: string, request: RequestInit): Promise<Reply> {
  try {
    const reply = await fetch(url, request)
    return { ok: reply.ok, status: reply.status, body: parseJson(await reply.text()) }
  } catch (cause) {
    throw new LostReply(whyOf(cause), cause)
  }
}

function failureOf({ status, body }: Reply): StudioError {
  const told = Failure.safeParse(body).data?.error
  if (!told || told.code === 'internal') {
    return status < 500 && status !== 200
      ? new StudioError(
          'unavailable',
          `The other Greenroom answered with ${status}.`,
          'Look whether --store is the address of a Greenroom.',
        )
      : new LostReply(`it answered with ${status}`)
  }
  const { code, message, hint, problems, retry_after_ms } = told
  const way = code === 'unauthorized' ? 'Set GREENROOM_STORE_KEY to an API key of the other Greenroom.' : hint
  return new StudioError(code, message, way, problems, { ...(retry_after_ms !== undefined && { retry_after_ms }) })
}

/** As everybody else may see it. */
const plain = (cause: unknown): unknown =>
  cause instanceof z.ZodError
    ? new StudioError('unavailable', 'What answered is no Greenroom, or one of another version.', 'Look at --store.', [], {
        cause,
      })
    : cause

function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'it does not answer'
  if (cause.name === 'TimeoutError') return 'it does not answer in time'
  const inner = cause.cause
  if (inner instanceof Error && 'code' in inner) return String(inner.code)
  return cause.message
}
