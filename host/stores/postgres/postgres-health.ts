import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreHealth } from '../../../core/store/stores.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { toStudioError } from './postgres-failure.ts'
import type { PostgresPool } from './postgres-pool.ts'

const SLOW_MS = 500
/** Whoever asks how it does waits no longer. */
const ANSWER_MS = 2_000
type Standing = Pick<StoreHealth, 'state' | 'since' | 'reason'>

/** Asks the server anew each time; `since` is when its state last changed. */
export function postgresHealth(
  { pool, address }: PostgresPool,
  clock: () => number,
  notes: () => readonly string[],
): () => Promise<StoreHealth> {
  let standing: Standing = { state: 'ok', since: clock() }
  return async () => {
    const now = await ask(pool, address, clock)
    standing = { ...now, since: now.state === standing.state ? standing.since : clock() }
    return { kind: 'postgres', address, notes: notes(), ...standing }
  }
}

async function ask(pool: PostgresPool['pool'], address: string, clock: () => number): Promise<Omit<Standing, 'since'>> {
  const asked = clock()
  try {
    if (!(await answers(pool))) return { state: 'down', reason: `It does not answer within ${ANSWER_MS / 1000} s.` }
  } catch (cause) {
    const known = toStudioError(cause, address)
    return { state: 'down', reason: known instanceof StudioError ? known.message : 'It answers with an error of its own.' }
  }
  const ms = clock() - asked
  return ms > SLOW_MS ? { state: 'slow', reason: `It took ${ms} ms to answer.` } : { state: 'ok' }
}

async function answers(pool: PostgresPool['pool']): Promise<boolean> {
  const giveUp = new AbortController()
  const late = sleep(ANSWER_MS, false, { signal: giveUp.signal }).catch(() => false)
  const asked = pool.query('select 1').then(() => true)
  try {
    return await Promise.race([asked, late])
  } finally {
    giveUp.abort()
    // What comes of it later is nobody's any more.
    asked.catch(() => undefined)
  }
}
