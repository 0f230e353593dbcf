/*
 * A MongoDB without a replica set has no transactions. There a commit is one document of a log, with everything that it writes; its number
 * is one above the newest, so that of two at once one is refused and begins again. What stands in the log is then carried out, by its
 * writer or, when that died, by whoever commits or looks next. Carrying out an entry again, or late, changes nothing: every row knows the
 * number of the commit that wrote it, and removed rows leave a mark.
 */
import {
  BSON,
  MongoBulkWriteError,
  MongoServerError,
  type AnyBulkWriteOperation,
  type Db,
  type Document,
  type Filter,
} from 'mongodb'
import { v7 } from 'uuid'
import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import type { Flush } from './committer.ts'
import { grouped } from './grouped.ts'
import { fromMirrorId, MIRROR, type MirrorDocument } from './mirror-document.ts'
import { mirrorReads } from './mirror-reads.ts'
import type { RowDocument } from './table.ts'
import { tenantRows } from './tenant-rows.ts'

/** Without `row` it is removed. `was`: what a document of the clients must still be. */
type Step = Readonly<{ in: string; id: string; t?: string; row?: Document; was?: Document }>
type LogEntry = { _id: number; at: Date; steps: readonly Step[]; parts: readonly string[]; done?: boolean }
type LogPart = { _id: string; at: Date; steps: readonly Step[] }

/** The journal of the server is one: what was written before is on the disk as well then. */
const DURABLE = { writeConcern: { w: 1, journal: true } } as const
/** Of one document in the log; the server takes 16 MiB. */
const LARGEST_PART = 8 * 1024 * 1024
const KEPT_ENTRIES = 1000
const DUPLICATE = 11000
const Numbered = z.object({ _id: z.number(), done: z.boolean().optional() })

export type LogFlush = Readonly<{
  flush: Flush
  /** Carries out what a writer that died has left in the log. */
  catchUp: () => Promise<void>
  /** What was carried out stands in the rows; the log no longer says it. */
  forget: () => Promise<void>
}>

/** `name`: of the log; commits of one log are in one order. */
export function logFlush(db: Db, name: string): LogFlush {
  const log = () => db.collection<LogEntry>(name)
  const parts = () => db.collection<LogPart>(`${name}_parts`)

  /** Everything up to the newest entry is carried out; resolves to its number. */
  const catchUp = async (): Promise<number> => {
    const newest = await log().findOne({}, { sort: { _id: -1 }, projection: { _id: 1, done: 1 } })
    if (!newest) return 0
    const { _id, done } = Numbered.parse(newest)
    if (done) return _id
    for await (const entry of log()
      .find({ done: { $ne: true } })
      .sort({ _id: 1 })) {
      await carryOut(entry)
    }
    return catchUp()
  }

  const carryOut = async (entry: LogEntry): Promise<void> => {
    const more =
      entry.parts.length === 0
        ? []
        : await parts()
            .find({ _id: { $in: [...entry.parts] } })
            .toArray()
    const ordered = entry.parts.flatMap((id) => more.find(({ _id }) => _id === id)?.steps ?? [])
    await write(db, entry._id, [...entry.steps, ...ordered])
    await log().updateOne({ _id: entry._id }, { $set: { done: true } }, DURABLE)
    if (entry._id % KEPT_ENTRIES !== 0) return
    await log().deleteMany({ _id: { $lt: entry._id - KEPT_ENTRIES }, done: true })
    await parts().deleteMany({ at: { $lt: new Date(Date.now() - 24 * 60 * 60 * 1000) } })
  }

  const flush: Flush = async (plan) => {
    for (;;) {
      const newest = await catchUp()
      const { rows, mirrors } = await plan({ rows: tenantRows(db), mirrors: mirrorReads(db) })
      const steps: Step[] = [
        ...rows.map(({ collection, tenant_id, id, row }) => ({ in: collection, id, t: tenant_id, ...(row && { row }) })),
        ...mirrors.map(({ id, document, before }) => ({
          ...{ in: MIRROR, id },
          ...(document && { row: document }),
          ...(before && { was: before }),
        })),
      ]
      if (steps.length === 0) return
      const entry = await prepared(newest + 1, steps)
      try {
        await log().insertOne(entry)
      } catch (cause) {
        if (cause instanceof MongoServerError && cause.code === DUPLICATE) continue
        throw cause
      }
      return carryOut(entry)
    }
  }

  const prepared = async (_id: number, steps: readonly Step[]): Promise<LogEntry> => {
    const at = new Date()
    const stretches = cut(steps)
    const [first = []] = stretches
    if (stretches.length <= 1) return { _id, at, steps: first, parts: [] }
    const more = stretches.map((stretch) => ({ _id: v7(), at, steps: stretch }))
    for (const part of more) await parts().insertOne(part)
    return { _id, at, steps: [], parts: more.map((part) => part._id) }
  }

  const forget = async (): Promise<void> => {
    await catchUp()
    const over = await log()
      .find({ done: true }, { projection: { parts: 1 } })
      .toArray()
    // Parts first: an entry that names them no more would leave them for a day.
    await parts().deleteMany({ _id: { $in: over.flatMap((entry) => [...entry.parts]) } })
    await log().updateMany({ _id: { $in: over.map(({ _id }) => _id) } }, { $set: { steps: [], parts: [] } })
  }
  return { flush, catchUp: async () => void (await catchUp()), forget }
}

function cut(steps: readonly Step[]): Step[][] {
  const stretches: Step[][] = [[]]
  let size = 0
  for (const step of steps) {
    const more = BSON.calculateObjectSize(step)
    if (more > LARGEST_PART * 1.9)
      throw new StudioError('too_large', 'This is more than MongoDB keeps in one document.', 'Make it smaller.')
    if (size > 0 && size + more > LARGEST_PART) {
      stretches.push([])
      size = 0
    }
    stretches.at(-1)?.push(step)
    size += more
  }
  return stretches
}

async function write(db: Db, commit: number, steps: readonly Step[]): Promise<void> {
  for (const [collection, of] of grouped(steps, (step) => step.in)) {
    try {
      if (collection === MIRROR) {
        const operations = of.map((step) => mirrorOperation(commit, step))
        await db.collection<MirrorDocument>(MIRROR).bulkWrite(operations, { ordered: false })
      } else {
        const operations = of.map((step) => rowOperation(commit, step))
        await db.collection<RowDocument>(collection).bulkWrite(operations, { ordered: false })
      }
    } catch (cause) {
      // A row that a later commit has written already: its filter finds nothing, and its id is taken.
      if (!isDuplicateAlone(cause)) throw cause
    }
  }
}

const isDuplicateAlone = (cause: unknown): boolean =>
  cause instanceof MongoBulkWriteError &&
  [cause.writeErrors].flat().every(({ code }) => code === DUPLICATE) &&
  cause.result.getWriteConcernError() === undefined

function rowOperation(commit: number, { id, t, row }: Step): AnyBulkWriteOperation<RowDocument> {
  const filter = { _id: id, c: { $not: { $gte: commit } } }
  const whole = row ? { ...row, _id: id, t, c: commit } : { _id: id, c: commit, removed_at: new Date() }
  return { updateOne: { filter, update: [{ $replaceWith: { $literal: whole } }], upsert: true } }
}

/** Only in place of what was read: what somebody else has written meanwhile stays, and is taken in as the next revision. */
function mirrorOperation(commit: number, { id, row, was }: Step): AnyBulkWriteOperation<MirrorDocument> {
  const filter: Filter<MirrorDocument> = {
    _id: fromMirrorId(id),
    '_greenroom.c': { $not: { $gte: commit } },
    ...(was && { $expr: { $eq: [{ $mergeObjects: ['$$ROOT'] }, { $literal: was }] } }),
  }
  if (!row) return { deleteOne: { filter } }
  const stamp: unknown = row['_greenroom']
  const whole = { ...row, _greenroom: { ...(typeof stamp === 'object' ? stamp : {}), c: commit } }
  return { updateOne: { filter, update: [{ $replaceWith: { $literal: whole } }], upsert: !was } }
}
