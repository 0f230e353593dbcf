import { pino } from 'pino'
import { createOpenFetch } from '../../fetching/open-fetch.ts'
import { openSqliteStores } from '../../stores/sqlite/open-sqlite-stores.ts'
import { createDeliveryLoop } from '../delivery-loop.ts'

/** A process that does nothing but send what is due from the data folder that it is given. */
const log = pino({ level: 'silent' })
const { store, calls } = await openSqliteStores(process.argv[2] ?? '', { clock: Date.now, log })
createDeliveryLoop({
  ...{ store, calls, clock: Date.now, log },
  secretOf: async () => 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  fetchOf: async () => createOpenFetch(1000),
}).kick()
setInterval(() => undefined, 1000)
