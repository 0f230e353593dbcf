import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { Stores } from '../../core/store/stores.ts'
import { openSqliteStores } from '../stores/sqlite/open-sqlite-stores.ts'

/** Real stores in a folder of their own, for the test that asks. */
export async function openTestStores(clock: () => number = Date.now): Promise<Stores> {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom stores '))
  const stores = await openSqliteStores(dir, { clock, log: pino({ level: 'silent' }) })
  onTestFinished(async () => {
    await stores.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return stores
}
