import { StudioError } from '../../../core/contract/errors.ts'

/** A session matches when each word begins a word that was said, or stands in the agent's name or id, or in the end reason. */
export const wordsOf = (q: string): string[] => q.normalize('NFC').split(/\s+/).filter(Boolean)

/** Where a page of the list ended: lists are by start, newest first. */
export const toCursor = ({ started_at, session_id }: Readonly<{ started_at: number; session_id: string }>): string =>
  Buffer.from(`${started_at}.${session_id}`).toString('base64url')

export function fromCursor(cursor: string): Readonly<{ started_at: number; session_id: string }> {
  const found = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (!found?.[1] || !found[2])
    throw new StudioError('malformed', 'This cursor is not one of ours.', 'Start again from the first page.')
  return { started_at: Number(found[1]), session_id: found[2] }
}
