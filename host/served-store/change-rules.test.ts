import { afterAll, beforeAll, expect, test } from 'vitest'
import { newKey, newSession, newTenant, newUser } from '../stores/testing/samples.ts'
import { callerOf, OPERATOR, startServedHost, type ServedTestHost } from '../testing/start-served-host.ts'

const acme = callerOf('acme')
let served: ServedTestHost
beforeAll(async () => {
  served = await startServedHost(['acme', 'rival'])
})
afterAll(() => served.close())

const call = (caller: typeof acme, method: string, args: readonly unknown[]) =>
  served.as(caller, 'store.call', { method, args: JSON.stringify(args) })
const AUDIT = { action: 'user.create', subject: 'somebody', detail: {} }

test('an admin cannot plant a call: a worker would take it over, in whichever room it names', async () => {
  const lost = { owner: 'a worker that died', lease_until: 1 }
  const room = { connection_id: 'environment', room_name: 'rival-board-meeting', origin: 'dispatch' }
  const session = { ...newSession({ kind: 'direct' }), state: 'active', lease: lost, room }
  const { session_id } = session
  const planted: readonly Readonly<Record<string, unknown>>[] = [
    { kind: 'session.create', session },
    { kind: 'session.attempt', session_id, attempt: 2, lease: lost },
    { kind: 'session.lease', session_id, lease: lost },
    { kind: 'session.input', session_id, input: session.input },
    { kind: 'journal.append', session_id, events: [] },
  ]
  for (const change of planted)
    expect(await call(acme, 'calls.commit', [[change]]), String(change['kind'])).toMatchObject({ error: { code: 'forbidden' } })
  expect(await call(OPERATOR, 'calls.listExpired', [Date.now(), 20])).toMatchObject({ value: { result: [] } })
  expect(await call(OPERATOR, 'calls.commit', [[planted[0]]])).toMatchObject({ ok: true })
})

test('an admin stops a call of the tenant, and has no words of their own in its journal', async () => {
  const operator = callerOf('acme', 'operator')
  const session = { ...newSession(), lease: { owner: 'a worker', lease_until: Date.now() + 60_000 } }
  const { session_id } = session
  expect(await call(operator, 'calls.commit', [[{ kind: 'session.create', session }]])).toMatchObject({ ok: true })
  const stop = { command_id: 'c', session_id, at: 1, ask: { ask: 'stop', reason: 'series-of-acme' } }
  expect(await call(acme, 'commands.send', [stop])).toMatchObject({ ok: true })
  expect(await call(operator, 'commands.take', ['a worker'])).toMatchObject({
    value: { result: [{ command: { session_id, ask: { ask: 'stop', reason: 'stopped' } } }] },
  })
})

test('an admin writes under the name of what it was, whatever they say, and lets nobody in', async () => {
  const scope = { tenant_id: acme.tenant_id, user_id: acme.user_id }
  const forOperators: readonly unknown[] = [
    { kind: 'user.save', user: newUser('x') },
    { kind: 'key.save', key: newKey(scope) },
    { kind: 'tenant.save', tenant: newTenant(scope) },
  ]
  for (const change of forOperators)
    expect(await call(acme, 'commit', [[change], null])).toMatchObject({ error: { code: 'forbidden' } })
  expect(await call(acme, 'commit', [[{ kind: 'setting.set', values: { theme: 'dark' } }], AUDIT])).toMatchObject({ ok: true })
  expect(await call(acme, 'commit', [[], AUDIT])).toMatchObject({ ok: true })
  const { rows } = await served.get(acme, 'audit.list', {})
  expect(rows.filter(({ action }) => action === AUDIT.action)).toEqual([])
  expect(rows).toContainEqual(
    expect.objectContaining({
      ...{ action: 'store.commit', subject: 'setting.set', actor: 'admin' },
      detail: { said: { action: AUDIT.action, subject: AUDIT.subject } },
    }),
  )
})
