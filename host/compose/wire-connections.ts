import { join } from 'node:path'
import { createConnections, type Connections } from '../connections/connections.ts'
import { createLocalServer, type LocalServer } from '../connections/local/local-server.ts'
import type { Base } from './base.ts'
import type { SettingsNow } from './follow-settings.ts'
import { createTenantReach } from './tenant-reach.ts'

/** LiveKit servers: those that have a name, and the one that this host runs itself. */
export function wireConnections(
  { data_dir, log, emit, onEvent, store, secrets, secretsFor, closing, own, server }: Base,
  { offline }: SettingsNow,
): Readonly<{ connections: Connections; local: LocalServer }> {
  const local = createLocalServer({
    folder: join(data_dir, 'livekit'),
    log,
    offline: offline.isOn,
    onChange: () => {
      connections.changed()
      emit({ type: 'connection.changed' })
    },
  })
  closing.add(local.close)
  const connections = createConnections({
    store,
    secretsFor,
    local,
    // All tenants of a server share the LiveKit server that its operator has set, and none can have another one's local.
    ...(server && {
      shared: { keys: secrets.ofHost(own), automatic: server.automatic },
      requireReachable: createTenantReach(store).requireReachable,
    }),
  })
  onEvent((event) => {
    if (event.type === 'secret.changed') connections.changed()
  })
  return { connections, local }
}
