import * as z from 'zod'
import { table, type Table } from './table.ts'
import type { Unit } from './unit.ts'

/** `made_at`: the database forgets it ten minutes later. */
const KeyRow = z.object({ key: z.string(), made_at: z.coerce.date() })
type KeyRow = z.infer<typeof KeyRow>

/** Of commits that came under a key; each in the order of its own log. */
export const COMMIT_KEYS = table('commit_keys', KeyRow, ({ key }) => [key])
export const CALL_COMMIT_KEYS = table('call_commit_keys', KeyRow, ({ key }) => [key])

/** Whether it happened already. Asked before the commit reads anything else: what it has written is there then. */
export const isDone = async (unit: Unit, keys: Table<KeyRow>, tenant_id: string, key: string): Promise<boolean> =>
  (await unit.reads.rows.one(keys, tenant_id, [key])) !== undefined

/** The last row that a commit writes: where there are no transactions, whoever sees it sees the others. */
export const keepKey = (unit: Unit, keys: Table<KeyRow>, tenant_id: string, key: string): void =>
  unit.put(keys, tenant_id, { key, made_at: new Date() })
