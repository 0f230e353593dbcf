import { isJsonObject, parseJson, type JsonObject } from '../../../core/json.ts'
import { EMPTY_CALLER, type CallerDraft } from '../setup/caller-details.ts'
import type { RoomPerson } from './room-state.ts'

/** LiveKit's own attributes are not the caller's. */
const isOwn = (key: string): boolean => !key.startsWith('lk.')

/** The editor's text for somebody in the room: what their metadata and attributes say now. */
export function callerDraftOf(
  person: Pick<RoomPerson, 'name' | 'identity' | 'metadata' | 'attributes'> | undefined,
): CallerDraft {
  if (!person) return EMPTY_CALLER
  const parsed = parseJson(person.metadata)
  const metadata: JsonObject = isJsonObject(parsed) ? parsed : {}
  const { user_name, user_id, user_details, ...others } = metadata
  return {
    user_name: typeof user_name === 'string' ? user_name : person.name === person.identity ? '' : person.name,
    user_id: typeof user_id === 'string' ? user_id : '',
    user_details: isJsonObject(user_details) ? JSON.stringify(user_details, undefined, 2) : '',
    metadata: Object.keys(others).length === 0 ? '' : JSON.stringify(others, undefined, 2),
    attributes: Object.entries(person.attributes)
      .filter(([key]) => isOwn(key))
      .map(([key, value]) => ({ key, value })),
  }
}
