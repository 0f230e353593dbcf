/*
 * Threat model: as in `tenant-rows.ts`. What is here changes one row at once, without a commit: leases, claims, requests. Each is of one
 * tenant, or says by its name that it is of all of them, as the work of instances is that serve everybody.
 */
import { MongoServerError, type Db, type Document, type Sort } from 'mongodb'
import { toStudioError } from './mongo-failure.ts'
import { idOf, type Key, type RowDocument, type Table } from './table.ts'
import type { RowOfTenant, Where } from './tenant-rows.ts'
import { toPlainObject } from './to-plain.ts'

export type DirectWrites = Readonly<{
  /** One row as it was before, changed by a pipeline; it is made where there is none. */
  changeRow: <Row>(table: Table<Row>, tenant_id: string, key: Key, pipeline: Document[]) => Promise<Row | undefined>
  claimEverywhere: <Row>(table: Table<Row>, where: Where, set: Document, sort: Sort) => Promise<RowOfTenant<Row> | undefined>
  setEverywhere: <Row>(table: Table<Row>, where: Where, set: Document) => Promise<void>
  removeEverywhere: <Row>(table: Table<Row>, where: Where) => Promise<number>
}>

const DUPLICATE = 11000

export function directWrites(db: Db): DirectWrites {
  const of = <Row>({ name }: Table<Row>) => db.collection<RowDocument>(name)
  const everywhere = (where: Where): Where => ({ $and: [{ t: { $type: 'string' } }, where] })

  const asked = async <Value>(answer: Promise<Value>): Promise<Value> => {
    try {
      return await answer
    } catch (cause) {
      throw toStudioError(cause)
    }
  }

  const changeRow = async <Row>(table: Table<Row>, t: string, key: Key, pipeline: Document[]): Promise<Row | undefined> => {
    try {
      const filter = { _id: idOf(t, key), t }
      const before = await of(table).findOneAndUpdate(filter, pipeline, { upsert: true, returnDocument: 'before' })
      return before ? table.row.parse(toPlainObject(before)) : undefined
    } catch (cause) {
      // Another one made it at the same moment.
      if (cause instanceof MongoServerError && cause.code === DUPLICATE) return changeRow(table, t, key, pipeline)
      throw toStudioError(cause)
    }
  }

  return {
    changeRow,
    claimEverywhere: async (table, where, set, sort) =>
      withTenant(
        table,
        await asked(of(table).findOneAndUpdate(everywhere(where), { $set: set }, { sort, returnDocument: 'before' })),
      ),
    setEverywhere: async (table, where, set) => void (await asked(of(table).updateMany(everywhere(where), { $set: set }))),
    removeEverywhere: async (table, where) => (await asked(of(table).deleteMany(everywhere(where)))).deletedCount,
  }
}

const withTenant = <Row>({ row }: Table<Row>, found: RowDocument | null): RowOfTenant<Row> | undefined =>
  found?.t === undefined ? undefined : { tenant_id: found.t, row: row.parse(toPlainObject(found)) }
