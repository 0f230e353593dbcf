import type { Db } from 'mongodb'
import type { StoreHealth } from '../../../core/store/stores.ts'
import { reasonOf } from './mongo-failure.ts'

const SLOW_MS = 1000

type Parts = Readonly<{ db: Db; address: string; clock: () => number; notes: () => Promise<readonly string[]> }>

/** Asks the server, and remembers since when it does as it does. */
export function storeHealth({ db, address, clock, notes }: Parts): () => Promise<StoreHealth> {
  let last: Pick<StoreHealth, 'state' | 'since' | 'reason'> = { state: 'ok', since: clock() }
  return async () => {
    const asked = performance.now()
    const now = await state(db, asked)
    if (now.state !== last.state) last = { ...now, since: clock() }
    return { kind: 'mongodb', address, ...last, notes: last.state === 'down' ? [] : await notes().catch(() => []) }
  }
}

async function state(db: Db, asked: number): Promise<Pick<StoreHealth, 'state' | 'reason'>> {
  try {
    await db.command({ ping: 1 })
    const ms = Math.round(performance.now() - asked)
    return ms < SLOW_MS ? { state: 'ok' } : { state: 'slow', reason: `MongoDB took ${ms} ms to answer.` }
  } catch (cause) {
    return { state: 'down', reason: reasonOf(cause) }
  }
}
