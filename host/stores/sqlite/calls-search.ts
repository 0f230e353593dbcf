import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import { StudioError } from '../../../core/contract/errors.ts'

/** A session matches when each word begins a word that was said, or stands in the agent's name or id, or in the end reason. */
export const matches = (q: string): Expression<SqlBool>[] => words(q).map(matchesWord)

const words = (q: string): string[] => q.normalize('NFC').split(/\s+/).filter(Boolean)

function matchesWord(word: string): Expression<SqlBool> {
  const phrase = `"${word.replaceAll('"', '""')}"*`
  const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`(
    session_id in (
      select utterance.session_id from utterance_search join utterance on utterance.id = utterance_search.rowid
      where utterance_search match ${phrase}
    )
    or agent_name like ${like} escape '\\' or agent_id like ${like} escape '\\' or end_reason like ${like} escape '\\'
  )`
}

/** Where a page of the list ended: lists are by start, newest first. */
export const toCursor = ({ started_at, session_id }: Readonly<{ started_at: number; session_id: string }>): string =>
  Buffer.from(`${started_at}.${session_id}`).toString('base64url')

export function fromCursor(cursor: string): Readonly<{ started_at: number; session_id: string }> {
  const found = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (!found?.[1] || !found[2])
    throw new StudioError('malformed', 'This cursor is not one of ours.', 'Start again from the first page.')
  return { started_at: Number(found[1]), session_id: found[2] }
}
