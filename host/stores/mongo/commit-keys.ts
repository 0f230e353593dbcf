import * as z from 'zod'
import { table, type Table } from './table.ts'
import type { Unit } from './unit.ts'

/** `made_at`: the database forgets it ten minutes later. */
const KeyRow = z.object({ key: z.string(), made_at: z.coerce.date() })
type KeyRow = z.infer<typeof KeyRow>

/** Of commits that came under a key; each in the order of its own log. */
export const COMMIT_KEYS = table('commit_keys', KeyRow, ({ key }) => [key])
export const CALL_COMMIT_KEYS = table('call_commit_keys', KeyRow, ({ key }) => [key])

/** False: it happened already. */
export async function isFirst(unit: Unit, keys: Table<KeyRow>, tenant_id: string, key: string): Promise<boolean> {
  if (await unit.find(keys, tenant_id, [key])) return false
  unit.put(keys, tenant_id, { key, made_at: new Date() })
  return true
}
