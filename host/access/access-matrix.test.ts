import { pino } from 'pino'
import { beforeAll, afterAll, describe, expect, test, vi } from 'vitest'
import { hasRole, ROLES, type Caller, type Role } from '../../core/contract/caller.ts'
import { operations, type OperationName } from '../../core/contract/index.ts'
import { AgentId } from '../../core/contract/ids.ts'
import { IF_MATCH } from '../../core/contract/rest.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { createDispatch } from '../dispatch.ts'
import type { Handlers } from '../handler.ts'
import { restTable, type RestRow } from '../http/api/rest-table.ts'
import { createJobs } from '../jobs.ts'
import { document } from '../sessions/testing/document.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { callerOf, OPERATOR, startServedHost, type ServedTestHost } from '../testing/start-served-host.ts'
import { makeKeyValue } from './api-key.ts'
import { ACCESS, type Things } from './testing/access-table.ts'

/** In everything that acme has and that can have a text of its own. */
const CANARY = 'canary-of-acme'
const NOTHING: Things = {
  ...{ agent: 'x', id: 'x', session: '0190a1b2-0000-7000-8000-000000000000', user: 'x', key: 'x', webhook: 'x', delivery: 'x' },
  ...{ release: 'x', connection: 'x', secret: 'x', tenant: 'x' },
}
const NAMES = Object.keys(ACCESS).filter((name): name is OperationName => name in operations)

test('every operation has a row, and the row is right', () => {
  expect(Object.keys(ACCESS).sort()).toEqual(Object.keys(operations).sort())
  const moved = NAMES.filter((name) => operations[name].role !== ACCESS[name][0])
  expect(moved).toEqual([])
})

test('every operation refuses every role below its own before its handler hears of it, whatever the input', async () => {
  const { store } = await openTestStores()
  const reached = new Set<string>()
  let as: Role = 'caller'
  const handlers = Object.fromEntries(
    NAMES.map((name) => [name, async () => (reached.add(`${name} ${as}`), Promise.reject(new Error('it was reached')))]),
  )
  const log = pino({ level: 'silent' })
  const dispatch = createDispatch({
    // One stand-in for each name, made by a loop, which no type can follow.
    handlers: handlers as unknown as Handlers,
    store,
    emit: () => undefined,
    jobs: createJobs(),
    log,
  })
  for (const name of NAMES)
    for (as of ROLES) {
      const allowed = hasRole(as, ACCESS[name][0])
      const inputs = [{}, null, { tenant_id: 'acme', role: 'operator' }, ACCESS[name][1]?.(NOTHING) ?? {}]
      for (const input of inputs) {
        const reply = await dispatch(callerOf('acme', as), name, input)
        expect(!reply.ok && reply.error.code === 'forbidden', `${name} as ${as}`).toBe(!allowed)
      }
      if (!allowed) expect(reached.has(`${name} ${as}`), `${name} as ${as}`).toBe(false)
    }
  expect(reached.size).toBeGreaterThan(NAMES.length)
  expect(await dispatch(callerOf('acme', 'operator'), 'no.such', {})).toMatchObject({ error: { code: 'not_found' } })
})

describe('a tenant and everything that it has', () => {
  let served: ServedTestHost
  let things: Things
  let origin: string
  let close: () => Promise<void>
  const acme = callerOf('acme')
  const rival = callerOf('rival')

  beforeAll(async () => {
    vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
    served = await startServedHost(['acme', 'rival'])
    things = await fill(served, acme)
    const api = await served.host.startApi({ host: '127.0.0.1', ports: [0], insecure: false })
    origin = api.addresses[0] ?? ''
    close = async () => {
      await api.close()
      await served.close()
    }
  })
  afterAll(async () => {
    await close()
    vi.unstubAllEnvs()
  })

  /** What acme has, as its admin sees it. */
  const stateOf = async () => {
    const at = AgentId.parse(things.agent)
    const ask = async (name: OperationName, input: JsonObject) => {
      const reply = await served.host.dispatch(acme, name, input)
      if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`)
      return reply.value
    }
    return JSON.stringify([
      await ask('agent.get', { agent_id: at }),
      await ask('session.journal', { session_id: things.session }),
      await ask('session.list', {}),
      await ask('user.list', {}),
      await ask('secret.list', {}),
      await ask('webhook.list', {}),
      await ask('webhook.deliveries', { webhook_id: things.webhook }),
      await ask('connection.list', {}),
      await ask('release.list', {}),
      await ask('quota.get', {}),
      await ask('audit.list', { limit: 1000 }),
      await served.host.dispatch(OPERATOR, 'tenant.get', { tenant_id: 'acme' }),
    ])
  }

  test('is out of reach of the admin of another one, by dispatch', async () => {
    const before = await stateOf()
    for (const name of NAMES) {
      const foreign = ACCESS[name][1]
      if (!foreign) continue
      const reply = await served.host.dispatch(rival, name, foreign(things))
      expect(JSON.stringify(reply), name).not.toContain(CANARY)
      if (!reply.ok) expect(reply.error.code, `${name}: ${reply.error.message}`).not.toBe('internal')
    }
    expect(await stateOf()).toBe(before)
  })

  /** A request of this row with the input of the table. */
  async function send({ name, rest, path_keys }: RestRow, headers: Record<string, string>) {
    const input: JsonObject = isName(name) ? (ACCESS[name][1]?.(things) ?? {}) : {}
    const path = rest.path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(textOf(input[key])))
    const others = Object.entries(input).filter(([key]) => !path_keys.includes(key) && key !== IF_MATCH)
    const isBody = rest.method === 'POST' || rest.method === 'PUT'
    const query = new URLSearchParams(isBody ? [] : others.map(([key, value]) => [key, textOf(value)]))
    const body: Json = rest.body === undefined ? Object.fromEntries(others) : (input[rest.body] ?? {})
    const response = await fetch(`${origin}${path}?${query.toString()}`, {
      method: rest.method,
      headers: { ...headers, ...(isBody && { 'content-type': 'application/json' }) },
      ...(isBody && { body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const rows = restTable(operations)
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
  const keyOf = (caller: Caller, role: Role, more: JsonObject = {}) =>
    served.get(caller, 'key.create', { name: `for ${role}`, role, ...more })

  test('every route wants a credential that is good', async () => {
    const soon = Date.now() + 500
    const expired = await keyOf(acme, 'admin', { expires_at: soon })
    const revoked = await keyOf(acme, 'admin')
    await served.get(acme, 'key.revoke', { key_id: revoked.key.key_id })
    await vi.waitUntil(() => Date.now() > soon, { timeout: 30_000 })
    const bad = { none: {}, unknown: bearer(makeKeyValue()), garbage: bearer('x'), basic: { authorization: 'Basic YTpi' } }
    const used = { expired: bearer(expired.value), revoked: bearer(revoked.value) }
    for (const row of rows)
      for (const [what, headers] of Object.entries({ ...bad, ...used })) {
        const { status, text, headers: answered } = await send(row, headers)
        expect(status, `${what}: ${row.rest.method} ${row.rest.path}`).toBe(401)
        expect(text).not.toContain(CANARY)
        expect(answered.get('www-authenticate'), row.rest.path).not.toBeNull()
      }
  })

  test('every route refuses every role below its own, and shows one tenant nothing of another', async () => {
    const before = JSON.parse(await stateOf()) as unknown[]
    for (const role of ['caller', 'viewer', 'developer', 'admin'] as const) {
      const { value } = await keyOf(rival, role)
      for (const row of rows) {
        const { status, text } = await send(row, bearer(value))
        const where = `${role}: ${row.rest.method} ${row.rest.path} → ${status} ${text.slice(0, 200)}`
        expect(text, where).not.toContain(CANARY)
        expect(status, where).toBeLessThan(500)
        expect(status, where).not.toBe(401)
        const isRefused = status === 403 && text.includes(`${row.name} needs the role`)
        expect(isRefused, where).toBe(!hasRole(role, row.role))
      }
      const elsewhere = await fetch(`${origin}/api/v1/quotas`, { headers: { ...bearer(value), 'x-greenroom-tenant': 'acme' } })
      expect(elsewhere.status).toBe(403)
    }
    expect(JSON.parse(await stateOf())).toEqual(before)
  }, 120_000)
})

const isName = (name: string): name is OperationName => name in operations
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))

/** One of everything that a tenant can have, with the canary in its texts. */
async function fill({ get, host }: ServedTestHost, acme: Caller): Promise<Things> {
  const content = { ...document, name: CANARY, prompt_config: { instructions: CANARY } }
  const created = await get(acme, 'agent.create', { source: { kind: 'document', content } })
  const agent_id = AgentId.parse('ada')
  await get(acme, 'agent.publish', { agent_id, version: '1.0.0', name: CANARY, revision: 1 })
  const release = await get(acme, 'release.create', { agent_id, version: '1.0.0' })
  const user = await get(acme, 'user.create', { name: CANARY })
  const key = await get(acme, 'key.create', { name: CANARY, user_id: user.user_id })
  await get(acme, 'secret.set', { name: 'openai', value: CANARY })
  const hook = await get(acme, 'webhook.create', { url: `https://8.8.8.8:44444/${CANARY}`, events: ['session.started'] })
  const connection = await get(acme, 'connection.save', { name: 'line', url: `wss://${CANARY}.example` })
  const { session } = await get(acme, 'session.start', { agent_id, modality: 'text' })
  await get(acme, 'session.stop', { session_id: session.session_id })
  // Nothing is sent any more while the test looks.
  const { deliveries } = await get(acme, 'webhook.deliveries', { webhook_id: hook.webhook.webhook_id })
  await get(acme, 'webhook.update', { webhook_id: hook.webhook.webhook_id, enabled: false })
  expect(host.host_id).not.toBe('')
  const named = isJsonObject(connection) ? connection['connection_id'] : undefined
  return {
    ...{ agent: 'ada', id: created.summary.id, session: session.session_id, user: user.user_id, key: key.key.key_id },
    ...{ webhook: hook.webhook.webhook_id, delivery: deliveries[0]?.delivery_id ?? 'none', release: release.release_id },
    ...{ connection: typeof named === 'string' ? named : 'none', secret: 'openai', tenant: 'acme' },
  }
}
