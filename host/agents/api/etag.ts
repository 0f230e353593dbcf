import { createHash } from 'node:crypto'
import { StudioError } from '../../../core/contract/errors.ts'

/** A name for exactly what a reader saw, quoted as in a header. */
export const etagOf = (...parts: readonly unknown[]): string =>
  `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`

/**
 * Throws `precondition_failed` unless a header's list names `etag`, or `*`. A proxy that compressed the answer may have marked it as weak
 * (`W/`), which says nothing about its content here.
 */
export function requireMatch(if_match: string | undefined, etag: string, agent_id: string): void {
  if (if_match === undefined) return
  const named = if_match.split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (named.includes('*') || named.includes(etag)) return
  throw changedElsewhere(agent_id)
}

export const changedElsewhere = (agent_id: string): StudioError =>
  new StudioError(
    'precondition_failed',
    `"${agent_id}" is no longer what the request was based on.`,
    'Read it again, make the change there, and send it with the new ETag.',
  )
