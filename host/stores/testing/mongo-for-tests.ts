import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { testRun } from './test-run.ts'

/** The program that `GREENROOM_TEST_MONGOD` names; tests that need a MongoDB are skipped without it. */
export const mongod = process.env['GREENROOM_TEST_MONGOD']

/** A server of this test alone, which can die and come back at the same address with what it had kept. */
export type MongoServer = Readonly<{
  /** Of a database of its own. */
  url: string
  close: () => Promise<void>
  /** As when the machine loses power. */
  kill: () => Promise<void>
  restart: () => Promise<void>
}>

type Kind = Readonly<{ replica_set: boolean }>

export async function startMongo({ replica_set }: Kind): Promise<MongoServer> {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-mongod-'))
  const port = await freePort()
  let server = await launch(dir, port, replica_set)
  if (replica_set) await initiate(port)
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill(signal)
    await exited
  }
  return {
    url: urlOf(port, replica_set),
    kill: () => stop('SIGKILL'),
    restart: async () => {
      server = await launch(dir, port, replica_set)
      if (replica_set) await primary(port)
    },
    close: async () => {
      await stop('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * Address of a new database on a server that all tests of one run share: the first that needs it starts it, and it ends with the run. It is
 * started by a process of its own, because the one that runs this test ends before the others do.
 */
export async function sharedMongo({ replica_set }: Kind): Promise<string> {
  const dir = join(tmpdir(), `greenroom-mongod-of-${testRun()}-${replica_set ? 'set' : 'alone'}`)
  const file = join(dir, 'port')
  mkdirSync(dir, { recursive: true })
  if (isFirst(join(dir, 'lock'))) {
    const port = await freePort()
    const data = join(dir, 'data')
    mkdirSync(data)
    const keeper = spawn(process.execPath, ['-e', KEEPER], {
      detached: true,
      stdio: 'ignore',
      env: {
        ...process.env,
        RUN: String(testRun()),
        DIR: dir,
        PROGRAM: mongod,
        ARGUMENTS: JSON.stringify(argumentsOf(data, port, replica_set)),
      },
    })
    keeper.unref()
    await answering(port)
    if (replica_set) await initiate(port)
    writeFileSync(file, String(port))
  }
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(50)
  return urlOf(Number(readFileSync(file, 'utf8')), replica_set)
}

/** Runs the server until the run is over, then takes its files away. */
const KEEPER = `
  const { spawn } = require('node:child_process')
  const { rmSync } = require('node:fs')
  const { RUN, DIR, PROGRAM, ARGUMENTS } = process.env
  const server = spawn(PROGRAM, JSON.parse(ARGUMENTS), { stdio: 'ignore' })
  const end = () => { server.kill('SIGKILL'); rmSync(DIR, { recursive: true, force: true }); process.exit() }
  server.on('exit', end)
  setInterval(() => { try { process.kill(Number(RUN), 0) } catch { end() } }, 300)
`

function isFirst(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'))
    return true
  } catch {
    return false
  }
}

const argumentsOf = (dir: string, port: number, replica_set: boolean): string[] => [
  ...['--dbpath', dir, '--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket', '--quiet'],
  ...['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ...(replica_set ? ['--replSet', 'rs0', '--oplogSize', '128'] : []),
]

const urlOf = (port: number, replica_set: boolean): string =>
  `mongodb://127.0.0.1:${port}/test_${randomUUID().slice(0, 8)}${replica_set ? '?replicaSet=rs0' : ''}`

async function launch(dir: string, port: number, replica_set: boolean): Promise<ChildProcess> {
  const server = spawn(mongod ?? 'mongod', argumentsOf(dir, port, replica_set), { stdio: 'ignore' })
  await answering(port)
  return server
}

const withDirect = async <Value>(port: number, work: (client: MongoClient) => Promise<Value>): Promise<Value> => {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, { serverSelectionTimeoutMS: 30_000 })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

const answering = (port: number) => withDirect(port, (client) => client.db('admin').command({ ping: 1 }))

async function initiate(port: number): Promise<void> {
  const config = {
    _id: 'rs0',
    members: [{ _id: 0, host: `127.0.0.1:${port}` }],
    settings: { electionTimeoutMillis: 1000 },
  }
  await withDirect(port, (client) => client.db('admin').command({ replSetInitiate: config }))
  await primary(port)
}

const primary = (port: number) =>
  withDirect(port, async (client) => {
    while (!(await client.db('admin').command({ hello: 1 }))['isWritablePrimary']) await sleep(50)
  })

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}
