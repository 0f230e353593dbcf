import { sql } from 'kysely'
import type { Dialect } from '../sql/dialect.ts'

/** One process writes, one transaction at a time: nothing has to be locked, and whoever watches is in the same process. */
export const sqliteDialect: Dialect = {
  contains: (column, text) => sql`instr(${sql.ref(column)}, ${text}) > 0`,
  // Of agents that an older build saved SQLite takes `routing` out of head's text.
  routing: sql`coalesce(routing, (
    select case when json_valid(r.content) then json_extract(r.content, '$.routing') end from agent_revision r
    where r.tenant_id = agent.tenant_id and r.agent_id = agent.agent_id and r.revision = agent.revision))`,
  matchesWord: (word) => {
    const phrase = `"${word.replaceAll('"', '""')}"*`
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    return sql`(
      session_id in (
        select utterance.session_id from utterance_search join utterance on utterance.id = utterance_search.rowid
        where utterance_search match ${phrase}
      )
      or agent_name like ${like} escape '\\' or agent_id like ${like} escape '\\' or end_reason like ${like} escape '\\'
    )`
  },
  forUpdate: sql``,
  skipLockedDeliveries: sql``,
  enterFeed: async () => undefined,
  tellCommand: async () => undefined,
}
