import type { Kysely, Transaction } from 'kysely'
import { toStudioError } from './sqlite-failure.ts'

/**
 * All of the work or none of it. SQLite ends a transaction by itself when the disk is full, and undoing it once more then fails: what is
 * thrown is the first failure, in words for people where they can mend it.
 */
export async function inTransaction<Schema, Value>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Value>,
): Promise<Value> {
  const failures: unknown[] = []
  try {
    return await db.transaction().execute(async (transaction) => {
      try {
        return await work(transaction)
      } catch (cause) {
        failures.push(cause)
        throw cause
      }
    })
  } catch (cause) {
    throw toStudioError(failures[0] ?? cause)
  }
}
