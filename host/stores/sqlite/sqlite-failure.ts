import { SqliteError } from 'better-sqlite3'
import { StudioError } from '../../../core/contract/errors.ts'

/** What a person can mend about a failed write (a full disk, a folder that cannot be written) in plain words; anything else unchanged. */
export function toStudioError(cause: unknown): unknown {
  if (!(cause instanceof SqliteError)) return cause
  if (cause.code === 'SQLITE_CONSTRAINT_UNIQUE' || cause.code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    const hint = 'Look at what is there, or choose another name.'
    return new StudioError('conflict', 'There is already one like it, so nothing was saved.', hint, [], { cause })
  }
  if (cause.code.startsWith('SQLITE_FULL')) {
    return unavailable(
      'The disk is full, so nothing was saved.',
      'Make room on the disk that holds the data folder, then save again.',
      cause,
    )
  }
  if (
    cause.code.startsWith('SQLITE_READONLY') ||
    cause.code.startsWith('SQLITE_IOERR') ||
    cause.code.startsWith('SQLITE_CANTOPEN')
  ) {
    return unavailable(
      'The data folder cannot be written, so nothing was saved.',
      'Check the disk and the folder’s permissions, then save again.',
      cause,
    )
  }
  if (cause.code.startsWith('SQLITE_CORRUPT') || cause.code.startsWith('SQLITE_NOTADB')) {
    return unavailable(
      'The database is damaged, so nothing was saved.',
      'Restart Greenroom: it sets the file aside and recovers what is in it.',
      cause,
    )
  }
  return cause
}

const unavailable = (message: string, hint: string, cause: unknown) =>
  new StudioError('unavailable', message, hint, [], { cause })
