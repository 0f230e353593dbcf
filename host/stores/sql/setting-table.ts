import * as z from 'zod'
import type { Json } from '../../../core/json.ts'
import type { StudioDb } from './studio-schema.ts'

const Value = z.json()

export async function allSettings(db: StudioDb, tenant_id: string): Promise<Readonly<Record<string, Json>>> {
  const rows = await db.selectFrom('setting').select(['key', 'value']).where('tenant_id', '=', tenant_id).orderBy('key').execute()
  return Object.fromEntries(rows.map(({ key, value }) => [key, Value.parse(JSON.parse(value))]))
}

/** Null removes. */
export async function setSettings(db: StudioDb, tenant_id: string, values: Readonly<Record<string, Json>>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    if (value === null) {
      await db.deleteFrom('setting').where('tenant_id', '=', tenant_id).where('key', '=', key).execute()
      continue
    }
    const row = { tenant_id, key, value: JSON.stringify(value) }
    await db
      .insertInto('setting')
      .values(row)
      .onConflict((conflict) => conflict.columns(['tenant_id', 'key']).doUpdateSet({ value: row.value }))
      .execute()
  }
}
