import { MongoClient, ReadConcern, WriteConcern, type Db, type DbOptions } from 'mongodb'
import { StudioError } from '../../../core/contract/errors.ts'
import { toStudioError } from './mongo-failure.ts'

/** Database of the clients, where the address names none. */
const DATABASE = 'agent_configs'
/** How long a server that is away is waited for, ms: a call must not hang on it. */
const AWAY_MS = 2500
/** How long one question may take, ms. */
const SLOW_MS = 20_000

export type Connected = Readonly<{
  client: MongoClient
  db: Db
  /** Transactions and change streams need one. */
  isReplicaSet: boolean
  /** Without user and password. */
  address: string
}>

export async function connectMongo(url: string): Promise<Connected> {
  const client = clientOf(url)
  try {
    await client.connect()
    const hello = await client.db('admin').command({ hello: 1 })
    const isReplicaSet = typeof hello['setName'] === 'string' || hello['msg'] === 'isdbgrid'
    // What was read or acknowledged is not undone when another server becomes primary.
    const sure: DbOptions = { readConcern: new ReadConcern('majority'), writeConcern: new WriteConcern('majority') }
    const db = isReplicaSet ? client.db(databaseOf(url), sure) : client.db(databaseOf(url))
    return { client, db, isReplicaSet, address: addressOf(url) }
  } catch (cause) {
    await client.close()
    throw toStudioError(cause)
  }
}

function clientOf(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'greenroom',
      serverSelectionTimeoutMS: AWAY_MS,
      connectTimeoutMS: AWAY_MS,
      socketTimeoutMS: SLOW_MS,
      ignoreUndefined: true,
      maxPoolSize: 50,
    })
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : ''
    throw new StudioError(
      'malformed',
      `This is no address of MongoDB. ${withoutPassword(said)}`.trim(),
      'Write mongodb://HOST:PORT/DATABASE.',
      [],
      {
        cause,
      },
    )
  }
}

/** `mongodb://user:password@a:1,b:2/name?…` → `name`. */
function databaseOf(url: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(url)?.[1] ?? ''
  return path === '' ? DATABASE : decodeURIComponent(path)
}

function addressOf(url: string): string {
  const [, scheme = 'mongodb', hosts = ''] = /^(mongodb(?:\+srv)?):\/\/(?:[^@/]*@)?([^/?]*)/.exec(url) ?? []
  return `${scheme}://${hosts}/${databaseOf(url)}`
}

const withoutPassword = (text: string): string => text.replaceAll(/\/\/[^@/\s]*@/g, '//')
