/*
 * Threat model: a query that forgets its tenant shows one customer the agents and calls of another. Every query of rows is built here and
 * nowhere else (a test looks), always with the tenant; what is of all tenants says so by its name (`everywhere`).
 */
import type { ClientSession, Db, Document, Filter, Sort } from 'mongodb'
import { toStudioError } from './mongo-failure.ts'
import { idOf, type Key, type RowDocument, type Table } from './table.ts'
import { toPlainObject } from './to-plain.ts'

export type PageOfRows = Readonly<{ sort?: Sort; limit?: number }>
export type RowOfTenant<Row> = Readonly<{ tenant_id: string; row: Row }>
/** A condition beside the tenant. */
export type Where = Filter<RowDocument>

export type TenantRows = Readonly<{
  one: <Row>(table: Table<Row>, tenant_id: string, key: Key) => Promise<Row | undefined>
  /** Those of the keys that are there, in any order. */
  some: <Row>(table: Table<Row>, tenant_id: string, keys: readonly Key[]) => Promise<readonly Row[]>
  many: <Row>(table: Table<Row>, tenant_id: string, where: Where, page?: PageOfRows) => Promise<readonly Row[]>
  count: <Row>(table: Table<Row>, tenant_id: string, where: Where) => Promise<number>
  aggregate: <Row>(table: Table<Row>, tenant_id: string, stages: readonly Document[]) => Promise<readonly Document[]>
  everywhere: <Row>(table: Table<Row>, where: Where, page?: PageOfRows) => Promise<readonly RowOfTenant<Row>[]>
  countEverywhere: <Row>(table: Table<Row>, where: Where) => Promise<number>
}>

const HAS_TENANT: Where = { t: { $type: 'string' } }

export function tenantRows(db: Db, session?: ClientSession): TenantRows {
  const options = session ? { session } : {}
  const of = <Row>({ name }: Table<Row>) => db.collection<RowDocument>(name)
  // Inside a transaction the driver must see its own errors: they say whether it is worth to begin again.
  const asked = async <Value>(answer: Promise<Value>): Promise<Value> => {
    try {
      return await answer
    } catch (cause) {
      throw session ? cause : toStudioError(cause)
    }
  }
  const find = async <Row>(table: Table<Row>, where: Where, { sort, limit }: PageOfRows = {}) => {
    const cursor = of(table).find(where, options)
    if (sort) cursor.sort(sort)
    if (limit !== undefined) cursor.limit(limit)
    return asked(cursor.toArray())
  }
  const rows = <Row>(table: Table<Row>, found: readonly RowDocument[]) => found.flatMap((one) => readable(table, one) ?? [])
  return {
    one: async (table, t, key) => {
      const found = await asked(of(table).findOne({ _id: idOf(t, key), t }, options))
      return found ? readable(table, found) : undefined
    },
    some: async (table, t, keys) =>
      keys.length === 0 ? [] : rows(table, await find(table, { _id: { $in: keys.map((key) => idOf(t, key)) }, t })),
    many: async (table, t, where, page) => rows(table, await find(table, { $and: [{ t }, where] }, page)),
    count: (table, t, where) => asked(of(table).countDocuments({ $and: [{ t }, where] }, options)),
    aggregate: (table, t, stages) =>
      asked(
        of(table)
          .aggregate([{ $match: { t } }, ...stages], options)
          .toArray(),
      ),
    everywhere: async (table, where, page) =>
      (await find(table, { $and: [HAS_TENANT, where] }, page)).flatMap((found) => {
        const row = readable(table, found)
        return row === undefined || found.t === undefined ? [] : [{ tenant_id: found.t, row }]
      }),
    countEverywhere: (table, where) => asked(of(table).countDocuments({ $and: [HAS_TENANT, where] }, options)),
  }
}

/** A row that damage, or another program, has made unreadable must not hide the others. */
const readable = <Row>({ row }: Table<Row>, found: RowDocument): Row | undefined => row.safeParse(toPlainObject(found)).data
