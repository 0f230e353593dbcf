import pg from 'pg'
import type { Logger } from 'pino'
import { showAddress } from './postgres-address.ts'

/** Of one instance; a server takes 100 connections unless it is told otherwise. */
const MOST_CONNECTIONS = 10
const CONNECT_MS = 5_000
/** Longer than the server's own limit, which tells more; for a server that does not answer at all. */
const ANSWER_MS = 25_000

/** bigint (times, counts) and numeric (sums) are numbers: none of ours is beyond 2^53. */
const NUMBERS: ReadonlySet<number> = new Set([pg.types.builtins.INT8, pg.types.builtins.NUMERIC])

export type PostgresPool = Readonly<{ pool: pg.Pool; address: string; config: pg.ClientConfig }>

/** Connections are made as they are needed; one that breaks while it is idle is left out and made anew. */
export function openPool(url: string, log: Pick<Logger, 'warn'>): PostgresPool {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'greenroom',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    types: {
      getTypeParser: (oid, format): ((text: string) => unknown) =>
        NUMBERS.has(oid) ? Number : pg.types.getTypeParser(oid, format),
    },
  }
  const address = showAddress(url)
  const pool = new pg.Pool({ ...config, max: MOST_CONNECTIONS, idleTimeoutMillis: 60_000 })
  pool.on('error', (cause) => log.warn({ err: cause, address }, 'a connection to the database broke'))
  return { pool, address, config }
}
