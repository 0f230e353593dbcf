import pg from 'pg'
import type { Logger } from 'pino'
import { showAddress } from './postgres-address.ts'

/** Of one instance; a server takes 100 connections unless it is told otherwise. */
const MOST_CONNECTIONS = 10
const CONNECT_MS = 5_000
/** Longer than the server's own limit, which tells more; for a server that does not answer at all. */
const ANSWER_MS = 17_000

/** bigint (times, counts) and numeric (sums) are numbers: none of ours is beyond 2^53. */
function numbers(): pg.TypeOverrides {
  const types = new pg.TypeOverrides()
  for (const oid of [pg.types.builtins.INT8, pg.types.builtins.NUMERIC]) types.setTypeParser(oid, Number)
  return types
}

export type PostgresPool = Readonly<{ pool: pg.Pool; address: string; config: pg.ClientConfig }>

/** Connections are made as they are needed; one that breaks while it is idle is left out and made anew. */
export function openPool(url: string, log: Pick<Logger, 'warn'>): PostgresPool {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'greenroom',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    types: numbers(),
  }
  const address = showAddress(url)
  const pool = new pg.Pool({ ...config, max: MOST_CONNECTIONS, idleTimeoutMillis: 60_000 })
  // One that is in use and waits for its next query tells it in this way only; the query then fails.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  // Not the error itself: the driver hangs the whole connection on it.
  pool.on('error', ({ message }) => log.warn({ address, reason: message }, 'a connection to the database broke'))
  return { pool, address, config }
}
