import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { pino } from 'pino'
import { DEFAULT_TENANT, DEFAULT_USER, ROLES, type Caller } from '../../../../core/contract/caller.ts'
import { StudioError } from '../../../../core/contract/errors.ts'
import { TenantId, UserId } from '../../../../core/contract/ids.ts'
import { startServedHost, type ServedTestHost } from '../../../testing/start-served-host.ts'
import { createMetrics, type Metrics } from '../../metrics.ts'
import type { Enter } from '../rest-routes.ts'
import { startApi, type StartApi } from '../start-api.ts'

export type ApiAnswer = Readonly<{ status: number; headers: IncomingHttpHeaders; text: string; body: unknown }>

export type TestApi = Readonly<{
  origin: string
  served: ServedTestHost
  metrics: Metrics
  /** As admin of the tenant `acme`, unless the headers say otherwise; a body that is no text is sent as JSON. */
  ask: (method: string, path: string, body?: unknown, headers?: OutgoingHttpHeaders) => Promise<ApiAnswer>
  stop: () => Promise<void>
  close: () => Promise<void>
}>

/** `Bearer ROLE TENANT USER`: stands for keys, which have tests of their own. */
export const testEnter: Enter = async ({ authorization = '' }) => {
  const [role, tenant, user] = authorization.replace('Bearer ', '').split(' ')
  const known = ROLES.find((one) => one === role)
  if (!known) throw new StudioError('unauthorized', 'No key.', 'Send one.')
  const caller: Caller = {
    tenant_id: tenant === undefined ? DEFAULT_TENANT : TenantId.parse(tenant),
    user_id: user === undefined ? DEFAULT_USER : UserId.parse(user),
    role: known,
    via: 'rest',
  }
  return { caller, headers: { 'x-entered': known } }
}

/** The real API on a real port over a real host on SQLite. */
export async function serveTestApi(options: Partial<StartApi> = {}): Promise<TestApi> {
  const served = await startServedHost(['acme', 'other'])
  const metrics = createMetrics()
  const api = await startApi({
    dispatch: served.host.dispatch,
    enter: testEnter,
    readiness: served.host.readiness,
    metrics,
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    listen: { host: '127.0.0.1', ports: [0] },
    ...options,
  })
  const origin = api.addresses[0] ?? ''
  return {
    origin,
    served,
    metrics,
    ask: (method, path, body, headers = {}) => ask(origin, method, path, body, headers),
    stop: api.close,
    close: async () => {
      await api.close()
      await served.close()
    },
  }
}

function ask(origin: string, method: string, path: string, body: unknown, headers: OutgoingHttpHeaders): Promise<ApiAnswer> {
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const own = {
    authorization: 'Bearer admin acme ann',
    ...(body !== undefined && text !== body && { 'content-type': 'application/json' }),
  }
  return new Promise((resolve, reject) => {
    const asked = request(origin + path, { method, headers: { ...own, ...headers } }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('error', reject)
      reply.on('end', () => {
        const answer = Buffer.concat(chunks).toString()
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: answer, body: parsed(answer) })
      })
    })
    asked.on('error', reject)
    asked.end(text)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not every answer is JSON: /metrics and /docs are not.
    return undefined
  }
}
