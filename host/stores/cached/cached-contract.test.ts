import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openSqliteStores } from '../sqlite/open-sqlite-stores.ts'
import { describeStore } from '../testing/describe-store.ts'
import { withCache } from './with-cache.ts'

const log = pino({ level: 'silent' })

// Whoever writes reads what was written, through whatever is remembered.
describeStore('a store that is remembered', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-cached-'))
  const opened = await openSqliteStores(dir, { clock: Date.now, log })
  const stores = withCache(opened, { clock: Date.now, log, opened: await opened.health() })
  return {
    stores,
    close: async () => {
      await stores.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
})
