import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { describeStore } from '../testing/describe-store.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'

describeStore('SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-contract-'))
  const stores = await openSqliteStores(dir, { clock: Date.now, log: pino({ level: 'silent' }) })
  const close = async () => {
    await stores.close()
    rmSync(dir, { recursive: true })
  }
  return { stores, close }
})
