import type { Kysely } from 'kysely'

type Work<Schema, Value> = (db: Kysely<Schema>) => Promise<Value>

/**
 * How repositories come to the database: every piece of work says whose rows it is for. `Across` is for the few methods that are of every
 * tenant; nothing else may use it.
 */
export type Runner<Schema> = Readonly<{
  read: <Value>(tenant_id: string, work: Work<Schema, Value>) => Promise<Value>
  readAcross: <Value>(work: Work<Schema, Value>) => Promise<Value>
  /**
   * All of the work or none of it, durable when it resolves. Nobody else does work under one of the same `locks` at the same time. It may be
   * done again from its beginning when the database asks for that.
   */
  write: <Value>(tenant_id: string, locks: readonly string[], work: Work<Schema, Value>) => Promise<Value>
  writeAcross: <Value>(locks: readonly string[], work: Work<Schema, Value>) => Promise<Value>
}>
