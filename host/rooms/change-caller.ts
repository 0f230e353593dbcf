import { CallerDetails } from '../../core/contract/sessions.ts'
import { parseJson } from '../../core/json.ts'
import type { ParticipantChange } from '../livekit/server-api.ts'
import { callerMetadata } from './caller-identity.ts'

/** What the server is told of a caller who is there: what is given replaces, what is absent stays. */
export function changeOf(before: string, details: CallerDetails): ParticipantChange {
  const { user_name, user_id, user_details, metadata, attributes } = details
  const told = [user_name, user_id, user_details, metadata].some((one) => one !== undefined)
  return {
    ...(user_name !== undefined && { name: user_name }),
    ...(told && { metadata: callerMetadata({ ...details, metadata: { ...known(before), ...metadata } }) }),
    ...(attributes && { attributes }),
  }
}

/** Text that is no object is not JSON of ours, and gives way. */
const known = (text: string): NonNullable<CallerDetails['metadata']> =>
  CallerDetails.shape.metadata.safeParse(parseJson(text)).data ?? {}
