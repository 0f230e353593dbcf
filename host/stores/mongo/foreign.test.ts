import { MongoClient, ObjectId, type Db } from 'mongodb'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_TENANT, DEFAULT_USER } from '../../../core/contract/caller.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { Stores } from '../../../core/store/stores.ts'
import { mongod, sharedMongo } from '../testing/mongo-for-tests.ts'
import { AUDIT, create, newTenant, revise } from '../testing/samples.ts'
import { openMongoStores } from './open-mongo-stores.ts'

const scope = { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER }
const whole = (agent_id: string, instructions: string): DocumentJson => ({ agent_id, prompt_config: { instructions } })

/** What others write into the clients' collection: with mongosh, or with the system that the clients had before. */
describe.skipIf(!mongod).each([
  ['replica set', true],
  ['standalone', false],
])('documents of others on a %s', (_, replica_set) => {
  let stores: Stores
  let client: MongoClient
  let db: Db
  const documents = () => db.collection('agent_configurations')
  /** Resolves when the store says of itself that something has changed and `seen` is so; nobody asks for the agent meanwhile. */
  const told = (seen: () => Promise<boolean>) =>
    new Promise<void>((resolve, reject) => {
      const look = () => seen().then((is) => is && (stop(), resolve()), reject)
      const stop = stores.store.feed.watch(() => void look())
      void look()
    })
  const served = async (agent_id: string) => (await stores.store.agents.served(scope, agent_id))?.content

  beforeAll(async () => {
    const url = await sharedMongo({ replica_set })
    client = await new MongoClient(url).connect()
    db = client.db()
    await documents().insertMany([
      { ...whole('before', 'Was here before Greenroom.'), version: '1.1.0', enabled: false, created_at: new Date(5) },
      { name: 'short one', instructions: 'Be brief.', llm: { provider: 'groq', model: 'm' } },
      { _id: new ObjectId(), ...whole('broken', ''), tenant_config: { tenant_id: 'nobody' } },
    ])
    stores = await openMongoStores(url, { clock: Date.now, log: pino({ level: 'silent' }) })
  })
  afterAll(async () => {
    await stores.close()
    await client.close()
  })

  test('what was there before becomes a revision by external, with its state, and keeps its shape', async () => {
    await told(async () => (await stores.store.agents.list(scope, { deleted: false, limit: 9 })).count === 2)
    const before = await stores.store.agents.find(scope, 'BEFORE')
    expect(before?.summary).toMatchObject({ enabled: false, version: '1.1.0', unpublished: false, revision: 1 })
    expect(before?.head).toMatchObject({ author: 'external', content: whole('before', 'Was here before Greenroom.') })
    expect(await served('short-one')).toMatchObject({
      prompt_config: { instructions: 'Be brief.' },
      llm_config: { provider: 'groq', model: 'm' },
    })
    const short = await documents().findOne({ name: 'short one' })
    expect(short).toMatchObject({ instructions: 'Be brief.', _greenroom: { agent_id: 'short-one', tenant_id: 'default' } })
    expect(short).not.toHaveProperty('prompt_config')
    const [row] = await stores.store.audit.list(scope, 0, 10)
    expect(row).toMatchObject({ actor: 'external', action: 'agent.create' })
  })

  test('a document of ours is readable; an edit of it is head and at work, and told without anybody asking', async () => {
    await stores.store.commit(scope, [create('ours', whole('ours', 'First.'))], AUDIT)
    expect(await documents().findOne({ agent_id: 'ours' })).toMatchObject({
      ...{ name: 'ours', prompt_config: { instructions: 'First.' }, enabled: true, tenant_config: { tenant_id: 'default' } },
      ...{ created_at: expect.any(Date), _greenroom: { revision: 1, author: 'default' } },
    })
    await documents().updateOne({ agent_id: 'ours' }, { $set: { 'prompt_config.instructions': 'Second.', enabled: false } })
    const summary = () => stores.store.agents.list(scope, { deleted: false, limit: 9, q: 'ours' })
    await told(async () => (await summary()).rows[0]?.revision === 2)
    expect(await stores.store.agents.served(scope, 'ours')).toMatchObject({
      ...{ revision: 2, enabled: false, content: { prompt_config: { instructions: 'Second.' } } },
    })
    const rest = { prompt_config: { instructions: 'Third.' }, turn_config: { turn_detection: 'vad' } }
    await documents().replaceOne({ agent_id: 'ours' }, { agent_id: 'ours', ...rest })
    await told(async () => (await summary()).rows[0]?.revision === 3)
    expect(await served('ours')).toMatchObject({ agent_id: 'ours', name: 'ours', ...rest })
  })

  test('what cannot be served is not: the last good one goes on, and health says what is wrong', async () => {
    await stores.store.commit(scope, [create('good', whole('good', 'Good.'))], AUDIT)
    await documents().updateOne({ agent_id: 'good' }, { $set: { 'llm_config.temperature': 99 } })
    const notes = async () => (await stores.health()).notes.join('\n')
    await expect.poll(notes, { timeout: 30_000 }).toMatch(/"good" \(\/llm_config\/temperature/)
    expect(await notes()).toMatch(/2 documents that other programs wrote.*"broken" \(\/prompt_config\/instructions/)
    expect(await served('good')).toEqual(whole('good', 'Good.'))
    await documents().updateOne({ agent_id: 'good' }, { $set: { llm_config: { api_key: 'sk-proj-abcdefghijklmnopqrstuvwxyz' } } })
    await expect.poll(notes, { timeout: 30_000 }).toMatch(/"good" \(\/llm_config\/api_key is a key in plain text/)
    expect(JSON.stringify(await db.collection('agent_refused').find().toArray())).not.toMatch(/sk-proj/)
    await stores.store.commit(scope, [revise('good', whole('good', 'Better.'), 1)], AUDIT)
    expect(await notes()).toMatch(/^(?!.*"good")/s)
    expect(await documents().findOne({ agent_id: 'good' })).not.toHaveProperty('llm_config')
    await expect(stores.store.commit(scope, [create('broken')], AUDIT)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a save that was made without knowing of an edit by others is a conflict, and neither is lost', async () => {
    await stores.store.commit(scope, [create('both', whole('both', 'One.'))], AUDIT)
    await documents().updateOne({ agent_id: 'both' }, { $set: { 'prompt_config.instructions': 'Theirs.' } })
    const ours = stores.store.commit(scope, [revise('both', whole('both', 'Ours.'), 1)], AUDIT)
    await expect(ours).rejects.toMatchObject({ code: 'conflict' })
    await stores.store.commit(scope, [revise('both', whole('both', 'Ours.'), 2)], AUDIT)
    const authors = (await stores.store.agents.listRevisions(scope, 'both', { limit: 9 })).rows.map(({ author }) => author)
    expect(authors).toEqual(['default', 'external', 'default'])
    expect(await documents().findOne({ agent_id: 'both' })).toMatchObject({ prompt_config: { instructions: 'Ours.' } })
  })

  test('a removed document is an agent that can be brought back; an emptied collection is an accident', async () => {
    await stores.store.commit(scope, [create('gone', whole('gone', 'Here.'))], AUDIT)
    await documents().deleteOne({ agent_id: 'gone' })
    await told(async () => (await stores.store.agents.findSummary(scope, 'gone'))?.deleted_at !== undefined)
    await stores.store.commit(scope, [{ kind: 'agent.undelete', agent_id: 'gone' }], AUDIT)
    expect(await documents().findOne({ agent_id: 'gone' })).toMatchObject({ prompt_config: { instructions: 'Here.' } })
    await documents().deleteMany({})
    expect(await served('gone')).toEqual(whole('gone', 'Here.'))
    await stores.store.commit(scope, [{ kind: 'agent.state', agent_id: 'gone', enabled: true }], AUDIT)
    expect(await documents().countDocuments()).toBe(1)
    const ids = (await stores.store.agents.list(scope, { deleted: false, limit: 9 })).rows.map(({ agent_id }) => agent_id)
    expect(ids).toEqual(expect.arrayContaining(['both', 'gone', 'good', 'ours']))
    expect(await stores.store.audit.findBreak(scope)).toBeUndefined()
  })

  test('a document belongs to the tenant that it names, if there is one', async () => {
    const acme = { ...scope, tenant_id: newTenant({ ...scope, tenant_id: scope.tenant_id }).tenant_id }
    const other = { ...acme, tenant_id: `acme-${replica_set}` as typeof acme.tenant_id }
    await stores.store.commit(other, [{ kind: 'tenant.save', tenant: newTenant(other) }], AUDIT)
    await documents().insertOne({ ...whole('theirs', 'Hi.'), tenant_config: { tenant_id: other.tenant_id } })
    expect(await stores.store.agents.served(other, 'theirs')).toMatchObject({ revision: 1 })
    expect(await stores.store.agents.served(scope, 'theirs')).toBeUndefined()
  })
})
