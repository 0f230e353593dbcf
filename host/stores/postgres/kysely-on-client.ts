import { Kysely, PostgresDialect, PostgresQueryCompiler } from 'kysely'
import type { PoolClient } from 'pg'

/** Postgres keeps no NUL in text: it becomes the character for what cannot be shown. (In JSON, where documents are, it is `\u0000`.) */
const withoutNul = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value

class NulFreeCompiler extends PostgresQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    super.appendValue(withoutNul(parameter))
  }
}

/** Kysely on this one connection; who took it from the pool gives it back. */
export function kyselyOn<Schema>(client: PoolClient): Kysely<Schema> {
  const kept = new Proxy(client, {
    get: (target, key): unknown => (key === 'release' ? () => undefined : Reflect.get(target, key, target)),
  })
  const dialect = new PostgresDialect({ pool: { connect: async () => kept, end: async () => undefined, options: {} } })
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createDriver: () => dialect.createDriver(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => new NulFreeCompiler(),
    },
  })
}
