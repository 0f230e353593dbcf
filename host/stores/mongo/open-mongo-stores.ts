import type { Logger } from 'pino'
import type { Stores } from '../../../core/store/stores.ts'
import { createSignal } from '../sql/signal.ts'
import { createCallStore } from './call-store.ts'
import { followChanges } from './change-stream.ts'
import { createCommit, type Commit } from './committer.ts'
import { connectMongo, type Connected } from './connect.ts'
import { directWrites } from './direct-writes.ts'
import { POSITION } from './feed-rows.ts'
import { foreignDocuments, type ForeignDocuments } from './foreign-documents.ts'
import { ensureIndexes } from './indexes.ts'
import { createLimitStore } from './limit-store.ts'
import { logFlush } from './log-flush.ts'
import { mirrorReads } from './mirror-reads.ts'
import { poll } from './poll.ts'
import { createSessionCommands } from './session-commands.ts'
import { storeHealth } from './store-health.ts'
import { createStudioStore } from './studio-store.ts'
import { SERVER } from './table.ts'
import { tenantRows } from './tenant-rows.ts'
import { transactionFlush } from './transaction-flush.ts'

type Opening = Readonly<{ clock: () => number; log: Logger }>
/** What is told when others commit, and how to stop listening. */
type Follower = Readonly<{ isOpen: () => boolean; close: () => Promise<void> }>

const POLL_MS = 1000
const STANDALONE =
  'MongoDB runs without a replica set: it has no transactions and no change streams, so commits go through a log and changes are polled every second.'

/** Agents, directory and calls in a MongoDB. Throws `unavailable` when it cannot be reached, `malformed` for what is no address. */
export async function openMongoStores(url: string, { clock, log }: Opening): Promise<Stores> {
  const connected = await connectMongo(url)
  const { client, db, isReplicaSet, address } = connected
  await ensureIndexes(db)
  const rows = tenantRows(db)
  const direct = directWrites(db)
  // Each log has commits in one order of its own, so that a busy call never delays a save.
  const logs = { studio: logFlush(db, 'commits'), calls: logFlush(db, 'call_commits'), limits: logFlush(db, 'limit_commits') }
  for (const { catchUp } of Object.values(logs)) await catchUp()
  const commitOf = (part: keyof typeof logs) => createCommit(isReplicaSet ? transactionFlush(client, db) : logs[part].flush)
  const commits = createSignal()
  const commit = telling(commitOf('studio'), isReplicaSet ? () => undefined : commits.tell)
  const commands = createSignal()
  const foreign = foreignDocuments({ rows, mirrors: mirrorReads(db), commit, clock, log })
  const catchUp = async (): Promise<void> => {
    for (const one of Object.values(logs)) await one.catchUp()
  }
  const follower = isReplicaSet
    ? followStream(connected, foreign, { commits: commits.tell, commands: commands.tell }, log)
    : followByPolling(catchUp, foreign, positions(connected), commits.tell, log)
  return {
    store: createStudioStore({
      ...{ rows, direct, commit, clock },
      watch: commits.watch,
      adopt: foreign.adopt,
      refresh: foreign.refresh(() => isReplicaSet && follower.isOpen()),
    }),
    calls: createCallStore(rows, direct, commitOf('calls'), isReplicaSet ? async () => undefined : logs.calls.forget),
    limits: createLimitStore(rows, direct, commitOf('limits')),
    commands: createSessionCommands(rows, commitOf('calls'), isReplicaSet ? commands.watch : undefined),
    health: storeHealth({
      ...{ db, address, clock },
      notes: async () => [...(isReplicaSet ? [] : [STANDALONE]), ...(await foreign.notes())],
    }),
    close: async () => {
      await follower.close()
      await foreign.close()
      await client.close()
    },
  }
}

/** Where the database tells nobody, the own instance at least need not wait. */
const telling =
  (commit: Commit, tell: () => void): Commit =>
  async (work) => {
    const value = await commit(work)
    tell()
    return value
  }

const positions =
  ({ db }: Connected) =>
  async (): Promise<number> =>
    (await tenantRows(db).one(POSITION, SERVER, ['changes']))?.position ?? 0

function followStream(
  { db }: Connected,
  foreign: ForeignDocuments,
  tell: Readonly<{ commits: () => void; commands: () => void }>,
  log: Logger,
): Follower {
  let looking: Promise<void> = Promise.resolve()
  let closed = false
  // What others wrote while nobody listened.
  const lookThrough = async (): Promise<void> => {
    try {
      await foreign.findNew()
      while (!closed && (await foreign.lookThrough()));
    } catch (cause) {
      if (!closed) log.warn({ err: cause }, 'documents of others could not be looked through')
    }
  }
  const onGap = (): void => void (looking = looking.then(lookThrough))
  const stream = followChanges(db, { onCommit: tell.commits, onCommand: tell.commands, onMirror: foreign.noticed, onGap }, log)
  return {
    isOpen: stream.isOpen,
    close: async () => {
      closed = true
      await stream.close()
      await looking
    },
  }
}

function followByPolling(
  catchUp: () => Promise<void>,
  foreign: ForeignDocuments,
  position: () => Promise<number>,
  tell: () => void,
  log: Logger,
): Follower {
  let last: number | undefined
  const look = async (): Promise<void> => {
    last ??= await position()
    await catchUp()
    await foreign.findNew()
    await foreign.lookThrough()
    const now = await position()
    if (now !== last) tell()
    last = now
  }
  const { close } = poll(POLL_MS, look, log, 'looking for changes in MongoDB')
  return { isOpen: () => false, close }
}
