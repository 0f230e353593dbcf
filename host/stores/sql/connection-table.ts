import type { Selectable } from 'kysely'
import { ConnectionId } from '../../../core/contract/connections.ts'
import type { ConnectionChange, StoredConnection } from '../../../core/store/connections.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import type { Write } from './write.ts'

export async function listConnections(db: StudioDb, tenant_id: string): Promise<readonly StoredConnection[]> {
  const rows = await db.selectFrom('connection').selectAll().where('tenant_id', '=', tenant_id).orderBy('name').execute()
  return rows.flatMap(readConnection)
}

export async function commitConnectionChange({ db, scope }: Write, change: ConnectionChange): Promise<void> {
  const { tenant_id } = scope
  const connection_id = change.kind === 'connection.save' ? change.connection.connection_id : change.connection_id
  await db.deleteFrom('connection').where('tenant_id', '=', tenant_id).where('connection_id', '=', connection_id).execute()
  if (change.kind === 'connection.delete') return
  const { name, url = null, api_key = null, api_secret = null, serve, automatic } = change.connection
  await db
    .insertInto('connection')
    .values({ tenant_id, connection_id, name, url, api_key, api_secret, serve: Number(serve), automatic: Number(automatic) })
    .execute()
}

/** A row that damage has made unreadable must not hide the others. */
function readConnection(row: Selectable<StudioSchema['connection']>): StoredConnection[] {
  const connection_id = ConnectionId.safeParse(row.connection_id).data
  if (connection_id === undefined) return []
  return [
    {
      connection_id,
      name: row.name,
      ...(row.url !== null && { url: row.url }),
      ...(row.api_key !== null && { api_key: row.api_key }),
      ...(row.api_secret !== null && { api_secret: row.api_secret }),
      serve: row.serve === 1,
      automatic: row.automatic === 1,
    },
  ]
}
