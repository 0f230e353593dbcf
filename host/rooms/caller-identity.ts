import type { SessionId } from '../../core/contract/ids.ts'
import type { CallerDetails } from '../../core/contract/sessions.ts'

/** The agent has the same identity in every attempt, so that a successor replaces a dead one at once. */
export const agentIdentity = (session_id: SessionId): string => `agent-${session_id}`

/** Of the one who calls from the studio; the same when the window comes back. */
export const callerIdentity = (session_id: SessionId): string => `caller-${session_id}`

export const studioRoomName = (session_id: SessionId): string => `greenroom-${session_id}`

/** What frontends write into a participant's metadata, so that agents and tools find it where they always do. */
export function callerMetadata({ user_name, user_id, user_details, metadata }: CallerDetails): string {
  const told = {
    ...metadata,
    ...(user_name !== undefined && { user_name }),
    ...(user_id !== undefined && { user_id }),
    ...(user_details !== undefined && { user_details }),
  }
  return Object.keys(told).length === 0 ? '' : JSON.stringify(told)
}
