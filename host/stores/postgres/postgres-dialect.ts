import { sql } from 'kysely'
import type { Dialect } from '../sql/dialect.ts'

export const CHANGE_CHANNEL = 'greenroom_change'
export const COMMAND_CHANNEL = 'greenroom_command'

export const postgresDialect: Dialect = {
  contains: (column, text) => sql`strpos(${sql.ref(column)}, ${text}) > 0`,
  routing: sql`routing`,
  matchesWord: (word) => {
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    return sql`(
      session_id in (select sessions_saying(${word}))
      or agent_name ilike ${like} or agent_id ilike ${like} or end_reason ilike ${like}
    )`
  },
  forUpdate: sql`for update`,
  skipLockedDeliveries: sql`for update of webhook_delivery skip locked`,
  /**
   * Positions are given out in the order of commits, so that who has read one has read all below it: from here to its end a commit holds the
   * one lock of the feed. It costs no more than NOTIFY itself, for which Postgres lets commits through one by one as well.
   */
  enterFeed: async (db) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('greenroom feed', 0)), pg_notify(${CHANGE_CHANNEL}, '')`.execute(db)
  },
  tellCommand: async (db) => {
    await sql`select pg_notify(${COMMAND_CHANNEL}, '')`.execute(db)
  },
}
