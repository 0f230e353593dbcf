import { MongoError, MongoServerError } from 'mongodb'
import { StudioError } from '../../../core/contract/errors.ts'

/** Codes of the server: refused sign-in, no right, no space. */
const NO_RIGHTS = new Set([13, 18, 8000])
const NO_SPACE = new Set([14031])
const TOO_LARGE = new Set([10334, 17280, 17419, 17420])
/** The server (5 to 8) does not keep keys like this, or nests no deeper. */
const NOT_STORABLE = new Set([15, 52, 55, 57])

/** A connection that broke in the middle of a command: the driver passes the socket's own error on. */
const BROKEN = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'])

/** What a person can mend about the database (it is away, it refuses, its disk is full) in plain words; anything else unchanged. */
export function toStudioError(cause: unknown): unknown {
  if (cause instanceof StudioError) return cause
  if (cause instanceof Error && cause.name.startsWith('BSON')) return notStorable(cause)
  if (!(cause instanceof MongoError)) {
    return cause instanceof Error && 'code' in cause && BROKEN.has(String(cause.code)) ? away(cause) : cause
  }
  if (!(cause instanceof MongoServerError)) {
    if (cause.name === 'MongoInvalidArgumentError' || cause.name === 'MongoAPIError') return cause
    return away(cause)
  }
  const code = Number(cause.code)
  if (NO_RIGHTS.has(code)) {
    return unavailable('MongoDB refuses the user of this store.', 'Check user, password and rights in the address.', cause)
  }
  if (NO_SPACE.has(code)) {
    return unavailable('The disk of MongoDB is full, so nothing was saved.', 'Make room on it, then save again.', cause)
  }
  if (TOO_LARGE.has(code)) {
    return new StudioError('too_large', 'This is more than MongoDB keeps in one document.', 'Make it smaller.', [], { cause })
  }
  if (NOT_STORABLE.has(code)) return notStorable(cause)
  if (isPassing(cause)) return away(cause)
  return cause
}

/** The server is being restarted, elects another primary, or takes too long; the driver has tried again already. */
const isPassing = (cause: MongoServerError): boolean =>
  cause.hasErrorLabel('TransientTransactionError') ||
  cause.hasErrorLabel('RetryableWriteError') ||
  [6, 7, 50, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436].includes(Number(cause.code))

const away = (cause: Error): StudioError =>
  unavailable('MongoDB does not answer.', 'It is tried again by itself; check that the server runs and can be reached.', cause)

const notStorable = (cause: Error): StudioError =>
  new StudioError(
    'malformed',
    'A key of the document cannot be kept by MongoDB.',
    'Use keys without NUL characters, nested at most 60 deep.',
    [],
    { cause },
  )

const unavailable = (message: string, hint: string, cause: unknown): StudioError =>
  new StudioError('unavailable', message, hint, [], { cause })

/** Words of its own errors alone: others may hold parts of documents. */
export const reasonOf = (cause: unknown): string => {
  const known = toStudioError(cause)
  return known instanceof StudioError ? known.message : 'MongoDB answers with an error.'
}
