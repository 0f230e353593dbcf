import { randomUUID } from 'node:crypto'
import { StudioError } from '../../core/contract/errors.ts'
import type { DirectoryReads } from '../../core/store/directory.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { tenantOfRoom } from '../livekit/room-tenant.ts'

/**
 * `TENANT-` and what was asked for. Where ids of tenants begin alike (`acme` and `acme-eu`), a name that would read as the other one's is
 * refused, so that callers of two tenants never meet.
 */
export async function newRoomName(
  directory: Pick<DirectoryReads, 'tenant'>,
  { tenant_id }: TenantScope,
  asked: string | undefined,
): Promise<string> {
  const name = asked ?? randomUUID()
  if (/[\p{Cc}\p{Cs}]/u.test(name)) throw refused('has characters that no room name has')
  const room_name = `${tenant_id}-${name}`
  const whose = await tenantOfRoom(room_name, async (id) => id === tenant_id || (await directory.tenant(id)) !== undefined)
  if (whose !== tenant_id) throw refused('begins like the rooms of another tenant')
  return room_name
}

const refused = (why: string): StudioError =>
  new StudioError('malformed', `The room name ${why}.`, 'Give another roomName, or leave it out.', [
    { path: '/roomName', message: why },
  ])
