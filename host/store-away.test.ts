import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { AgentId, type SessionId } from '../core/contract/ids.ts'
import { watchCall } from './testing/watch-call.ts'
import { openPostgresStores } from './stores/postgres/open-postgres-stores.ts'
import { hasPostgres } from './stores/testing/postgres-for-tests.ts'
import { startRestartablePostgres } from './stores/testing/restartable-postgres.ts'
import { eventually } from './testing/cluster-load.ts'
import { startOn } from './testing/shared-hosts.ts'
import { callerOf } from './testing/start-served-host.ts'

const ann = callerOf('acme', 'admin', 'ann')
const ada = AgentId.parse('ada')
/** Asked again until it is so. */
const until = (ask: () => Promise<boolean>) => eventually(async () => ((await ask()) ? true : undefined))

test.skipIf(!hasPostgres)(
  'while the store is away calls go on, readiness says so, and everything is written down when it is back',
  { timeout: 240_000 },
  async () => {
    process.env['GREENROOM_SECRET_KEY'] = 'a long passphrase of this test'
    const server = await startRestartablePostgres()
    onTestFinished(server.close)
    const { one, other, close } = await startOn(server.url, {}, async () => undefined)
    onTestFinished(close)
    const { head } = await one.get(ann, 'agent.create', { source: { kind: 'blank' }, name: 'Ada', agent_id: ada })
    const call = await watchCall(other, ann, ada)
    await other.get(ann, 'session.say', { session_id: call.session_id, text: 'before' })
    await call.journaled('turn.committed')
    expect(await other.host.readiness()).toMatchObject({ ready: true, detail: { store: { state: 'ok' } } })

    await server.crash()
    await until(async () => (await other.host.readiness()).ready === false)
    expect(await other.host.readiness()).toMatchObject({
      ready: false,
      detail: { store: { kind: 'postgres', state: 'down', since: expect.any(String), reason: expect.any(String) } },
    })
    const save = (based_on: number, description: string) =>
      one.as(ann, 'agent.save', { agent_id: ada, content: { ...head.content, description }, based_on })
    expect(await save(1, 'lost')).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    await other.get(ann, 'session.say', { session_id: call.session_id, text: 'meanwhile' })
    await call.journaled('turn.committed', 3)

    await server.restart()
    await until(async () => (await other.host.readiness()).ready)
    await until(async () => (await save(1, 'kept')).ok)
    await call.journaled('config.changed')
    const told = call.events().map(({ seq, type }) => `${seq} ${type}`)

    const fresh = await openPostgresStores(server.url, { clock: Date.now, log: pino({ level: 'silent' }) })
    onTestFinished(fresh.close)
    const written = async (session_id: SessionId) =>
      (await fresh.calls.journal(ann, session_id, { attempt: 0, seq: 0 }, 1000)).events.map(({ seq, type }) => `${seq} ${type}`)
    await until(async () => (await written(call.session_id)).length >= told.length)
    expect((await written(call.session_id)).slice(0, told.length)).toEqual(told)
    expect((await fresh.store.agents.find(ann, ada))?.head).toMatchObject({ revision: 2, content: { description: 'kept' } })
    expect(await fresh.store.audit.findBreak(ann)).toBeUndefined()
  },
)
