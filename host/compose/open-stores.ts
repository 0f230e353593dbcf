import type { OutputOf } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { Stores } from '../../core/store/stores.ts'
import { backUp } from '../stores/sqlite/backup.ts'
import { openSqliteStores } from '../stores/sqlite/open-sqlite-stores.ts'
import type { Base } from './base.ts'
import { takeFolder } from './take-folder.ts'

/** What this host keeps, wherever that is. */
export type OpenedStores = Stores &
  Readonly<{
    /** What `system.info` tells of them. */
    facts: Pick<OutputOf<'system.info'>, 'sqlite_version' | 'recoveries'>
    /** A copy of all of it where it is this host's own, made while it is in use and given up when the stores close; a failure is logged. */
    backUp: () => void
  }>

type Opening = Pick<Base, 'data_dir' | 'log' | 'clock' | 'closing'>
type OpenAt = (url: string, opening: Opening) => Promise<Stores>

/** Stores that several hosts share, by the scheme of their address. */
const SHARED: Readonly<Record<string, OpenAt>> = {
  mongodb: openMongo,
  'mongodb+srv': openMongo,
  postgres: openPostgres,
  postgresql: openPostgres,
  http: openGreenroom,
  https: openGreenroom,
}

/** Its driver is loaded only where it is used. */
async function openMongo(url: string, opening: Opening): Promise<Stores> {
  const { openMongoStores } = await import('../stores/mongo/open-mongo-stores.ts')
  return openMongoStores(url, opening)
}

async function openPostgres(url: string, opening: Opening): Promise<Stores> {
  const { openPostgresStores } = await import('../stores/postgres/open-postgres-stores.ts')
  return openPostgresStores(url, opening)
}

async function openGreenroom(url: string, opening: Opening): Promise<Stores> {
  const { openGreenroomStores } = await import('../stores/greenroom/open-greenroom-stores.ts')
  return openGreenroomStores(url, { ...opening, api_key: process.env['GREENROOM_STORE_KEY'] || undefined })
}

/**
 * Opens what keeps agents, settings and calls: a shared store by its address, or without one SQLite in the data folder, which is then this
 * host's alone. Throws `malformed` for an address that no store has, `unavailable` when it cannot be reached.
 */
export async function openStoresAt(url: string | undefined, opening: Opening): Promise<OpenedStores> {
  if (url === undefined) return openSqlite(opening)
  const open = SHARED[schemeOf(url)]
  if (!open) throw unknownStore()
  const stores = await open(url, opening)
  opening.closing.add(stores.close)
  return { ...stores, facts: { sqlite_version: 'none', recoveries: [] }, backUp: () => undefined }
}

/** By hand, because an address of several hosts is no URL to the platform. */
const schemeOf = (url: string): string => /^([a-z][a-z+]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? ''

/** The address itself is not repeated: it may have a password in it. */
const unknownStore = (): StudioError =>
  new StudioError(
    'malformed',
    'The address of the store is not one that Greenroom knows.',
    'Give --store postgres://…, mongodb://…, or http(s)://… of another Greenroom; leave it out for SQLite in the data folder.',
  )

async function openSqlite({ data_dir, log, clock, closing }: Opening): Promise<OpenedStores> {
  takeFolder(data_dir, closing)
  const { databases, sqlite_version, ...stores } = await openSqliteStores(data_dir, { clock, log })
  closing.add(stores.close)
  const ending = new AbortController()
  let copying = Promise.resolve()
  closing.add(() => {
    ending.abort()
    return copying
  })
  return {
    ...stores,
    facts: { sqlite_version, recoveries: [...databases.recoveries] },
    backUp: () => {
      const files = { 'studio.db': databases.studio, 'calls.db': databases.calls }
      const copied = backUp({ dir: data_dir, databases: files, clock, signal: ending.signal })
      copying = copied.then(
        () => undefined,
        (cause: unknown) => {
          if (!ending.signal.aborted) log.warn({ err: cause }, 'the backup of the databases failed')
        },
      )
    },
  }
}
