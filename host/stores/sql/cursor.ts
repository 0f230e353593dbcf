import type * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'

/** A place in a list, opaque to whoever hands it back. */
export const writeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/** Throws `malformed` for anything that `writeCursor` did not make for this kind of list. */
export function readCursor<Place>(cursor: string, place: z.ZodType<Place>): Place {
  const read = place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()))
  if (read.success) return read.data
  throw new StudioError('malformed', 'The cursor is not one that this list gave out.', 'Start again without a cursor.', [
    { path: '/cursor', message: 'must be the next_cursor of the page before' },
  ])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
