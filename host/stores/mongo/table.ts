import type { Document } from 'mongodb'
import type * as z from 'zod'
import { wellFormed } from './to-plain.ts'

/** What names a row within its tenant and table. */
export type Key = readonly (string | number)[]

/** A collection of rows of one shape; what is read from it is parsed, because anybody may write to a database. */
export type Table<Row> = Readonly<{ name: string; row: z.ZodType<Row>; key: (row: Row) => Key }>

export const table = <Row>(name: string, row: z.ZodType<Row>, key: (row: Row) => Key): Table<Row> => ({ name, row, key })

/** A row as it lies in its collection: `t` its tenant (absent: it was removed), `c` the commit that wrote it. */
export type RowDocument = Document & { _id: string; t?: string; c?: number }

/** Rows that belong to no tenant; no tenant has an empty id. */
export const SERVER = ''

/** `_id` of a row, as people can read it: `default/support-agent/3`. */
export const idOf = (tenant_id: string, key: Key): string =>
  [tenant_id, ...key].map((part) => encodeURIComponent(wellFormed(String(part)))).join('/')
