import { MongoClient } from 'mongodb'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mongod, startMongo } from '../testing/mongo-for-tests.ts'
import { AUDIT, create, newScope, newSession, notice, revise, START } from '../testing/samples.ts'
import { logFlush } from './log-flush.ts'
import { openMongoStores } from './open-mongo-stores.ts'

const opening = { clock: Date.now, log: pino({ level: 'silent' }) }
const away = { code: 'unavailable', message: 'MongoDB does not answer.' }

describe.skipIf(!mongod)('MongoDB away', () => {
  test('a replica set that is killed is said to be away, and everything acknowledged is there when it is back', async () => {
    const server = await startMongo({ replica_set: true })
    onTestFinished(server.close)
    const stores = await openMongoStores(server.url, opening)
    onTestFinished(stores.close)
    const { store, calls } = stores
    const scope = newScope()
    const session = newSession()
    const { session_id } = session
    await store.commit(scope, [create('one', { n: 1 })], AUDIT)
    await calls.commit(scope, [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events: [notice(1, 1)] },
    ])
    const token = (await store.feed.since(scope, undefined, 1)).token
    const told = new Promise<void>((resolve) => store.feed.watch(resolve))

    await server.kill()
    await expect(store.agents.find(scope, 'one')).rejects.toMatchObject(away)
    await expect(store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT)).rejects.toMatchObject(away)
    await expect(calls.commit(scope, [{ kind: 'session.delete', session_id, at: 1 }])).rejects.toMatchObject(away)
    expect(await stores.health()).toMatchObject({ state: 'down', reason: away.message, notes: [] })
    await server.restart()

    await expect.poll(async () => (await stores.health()).state, { timeout: 60_000 }).toBe('ok')
    expect(await store.agents.find(scope, 'one')).toMatchObject({ head: { content: { n: 1 } } })
    expect((await calls.journal(scope, session_id, START, 9)).events).toHaveLength(1)
    await store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT)
    await told
    expect((await store.feed.since(scope, token, 9)).entries).toMatchObject([{ kind: 'agent.revise', subject: 'one' }])
    expect(await store.audit.findBreak(scope)).toBeUndefined()
  })

  test('a commit that its writer left half done is carried out whole by whoever looks next, and late writers change nothing', async () => {
    const server = await startMongo({ replica_set: false })
    onTestFinished(server.close)
    const scope = newScope()
    const first = await openMongoStores(server.url, opening)
    await first.store.commit(scope, [create('one', { n: 1 })], AUDIT)
    const client = await new MongoClient(server.url).connect()
    onTestFinished(() => client.close())
    const db = client.db()
    await first.store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT)
    await first.close()

    // As it is when the process dies between its entry in the log and the last of its writes.
    const entry = await db.collection('commits').findOne({}, { sort: { _id: -1 } })
    await db.collection('commits').updateOne({ _id: entry!._id }, { $unset: { done: 1 } })
    await db.collection('agent_heads').updateOne({}, { $set: { revision: 1, c: 1 } })
    await db.collection('audit').deleteOne({ seq: 2 })
    const second = await openMongoStores(server.url, opening)
    onTestFinished(second.close)
    expect((await second.store.agents.find(scope, 'one'))?.head.content).toEqual({ n: 2 })
    expect((await second.store.audit.list(scope, 0, 9)).map(({ seq }) => seq)).toEqual([1, 2])
    expect(await second.store.audit.findBreak(scope)).toBeUndefined()

    // The dead one comes to life again, after the agent is gone, and does what it has done once more.
    await second.store.commit(scope, [{ kind: 'agent.purge', agent_id: 'one' }], AUDIT)
    await db.collection('commits').updateMany({}, { $unset: { done: 1 } })
    await logFlush(db, 'commits').catchUp()
    expect(await second.store.agents.find(scope, 'one')).toBeUndefined()
    expect(await db.collection('agent_configurations').countDocuments()).toBe(0)
    expect(await second.store.audit.findBreak(scope)).toBeUndefined()
  })

  test('an address without a server, or that is none, says so without its password', async () => {
    await expect(openMongoStores('mongodb://u:hunter2@127.0.0.1:1/x', opening)).rejects.toMatchObject(away)
    const none = await openMongoStores('mongodb://u:hunter2@', opening).catch((cause: unknown) => cause)
    expect(none).toMatchObject({ code: 'malformed' })
    expect(String(none)).not.toMatch(/hunter2/)
  })
})
