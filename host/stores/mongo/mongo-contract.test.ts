import { pino } from 'pino'
import { describe } from 'vitest'
import { describeStore } from '../testing/describe-store.ts'
import { mongod, sharedMongo } from '../testing/mongo-for-tests.ts'
import { openMongoStores } from './open-mongo-stores.ts'

const opening = { clock: Date.now, log: pino({ level: 'silent' }) }

describe.skipIf(!mongod)('MongoDB', () => {
  for (const [name, replica_set] of [
    ['replica set', true],
    ['standalone', false],
  ] as const) {
    describeStore(name, async () => {
      const url = await sharedMongo({ replica_set })
      const stores = await openMongoStores(url, opening)
      return { stores, another: () => openMongoStores(url, opening), close: stores.close }
    })
  }
})
