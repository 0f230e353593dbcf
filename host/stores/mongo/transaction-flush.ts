import type { AnyBulkWriteOperation, ClientSession, Db, MongoClient } from 'mongodb'
import type { Flush } from './committer.ts'
import { grouped } from './grouped.ts'
import { fromMirrorId, MIRROR, type MirrorDocument, type RawId } from './mirror-document.ts'
import { mirrorReads } from './mirror-reads.ts'
import type { RowDocument } from './table.ts'
import { tenantRows } from './tenant-rows.ts'
import type { RowWrite, Writes } from './unit.ts'

/** In a transaction of the replica set: what was read has not changed when it is written, or all of it is done again. */
export const transactionFlush =
  (client: MongoClient, db: Db): Flush =>
  (plan) =>
    client.withSession(async (session) => {
      await session.withTransaction(
        async () => {
          const writes = await plan({ rows: tenantRows(db, session), mirrors: mirrorReads(db, session) })
          await write(db, session, writes)
        },
        { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' }, readPreference: 'primary' },
      )
    })

async function write(db: Db, session: ClientSession, { rows, mirrors }: Writes): Promise<void> {
  for (const [collection, of] of grouped(rows, (row) => row.collection)) {
    await db.collection<RowDocument>(collection).bulkWrite(of.map(rowOperation), { session, ordered: false })
  }
  if (mirrors.length === 0) return
  const operations = mirrors.map(({ id, document }) => mirrorOperation(fromMirrorId(id), document))
  await db.collection<MirrorDocument>(MIRROR).bulkWrite(operations, { session, ordered: false })
}

/** Through a pipeline, because a plain replacement refuses keys that begin with "$", such as "$schema". */
function rowOperation({ id, tenant_id, row }: RowWrite): AnyBulkWriteOperation<RowDocument> {
  if (!row) return { deleteOne: { filter: { _id: id, t: tenant_id } } }
  const whole = { _id: id, t: tenant_id, ...row }
  return { updateOne: { filter: { _id: id }, update: [{ $replaceWith: { $literal: whole } }], upsert: true } }
}

function mirrorOperation(_id: RawId, document: MirrorDocument | undefined): AnyBulkWriteOperation<MirrorDocument> {
  if (!document) return { deleteOne: { filter: { _id } } }
  return { updateOne: { filter: { _id }, update: [{ $replaceWith: { $literal: document } }], upsert: true } }
}
