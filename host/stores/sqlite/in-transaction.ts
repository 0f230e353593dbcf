import type { Kysely, Transaction } from 'kysely'
import { toStudioError } from './sqlite-failure.ts'

/** All of the work or none of it; what is thrown is in words for people where they can mend it. */
export async function inTransaction<Schema, Value>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Value>,
): Promise<Value> {
  try {
    return await db.transaction().execute(work)
  } catch (cause) {
    throw toStudioError(cause)
  }
}
