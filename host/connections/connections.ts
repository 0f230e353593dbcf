import { createHash } from 'node:crypto'
import { ConnectionId, type Connection } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { StoredConnection } from '../../core/store/connections.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { ConnectionBook, LiveConnection } from '../livekit/live-connection.ts'
import { presentSecrets, type ResolveSecrets, type SecretsFor } from '../runtime/present-secrets.ts'
import { parseServerAddress } from './connection-url.ts'
import type { LocalServer } from './local/local-server.ts'

/** The server that Greenroom runs itself. */
export const LOCAL = ConnectionId.parse('local')
/** What LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET name, as variables or as kept secrets. */
export const ENVIRONMENT = ConnectionId.parse('environment')

const VARIABLES = { url: 'env:LIVEKIT_URL', api_key: 'env:LIVEKIT_API_KEY', api_secret: 'env:LIVEKIT_API_SECRET' } as const

export type ConnectionDeps = Readonly<{
  store: Pick<Store, 'connections'>
  secretsFor: SecretsFor
  local: LocalServer
  /** On a server of many tenants: the connection of the environment is everybody's, always serves, and no local server is listed. */
  shared?: Readonly<{ keys: ResolveSecrets; automatic: boolean }>
  /** Throws `forbidden` when a tenant named an address that it may not reach; absent: all may be. */
  requireReachable?: (scope: TenantScope, url: string) => Promise<void>
}>

/** All connections of a data folder: own ones, the one that the environment names, and the local server. */
export type Connections = ConnectionBook &
  Readonly<{
    list: (scope: TenantScope) => Promise<Connection[]>
    /** Throws `not_found`. */
    find: (scope: TenantScope, connection_id: ConnectionId) => Promise<Connection>
    /** Where the signalling of this connection goes; nothing is started for it. Throws `not_found` and `unavailable`. */
    signalUrl: (scope: TenantScope, connection_id: ConnectionId) => Promise<string>
    /** A connection or a key was changed. */
    changed: () => void
  }>

export function createConnections({ store, secretsFor, local, shared, requireReachable }: ConnectionDeps): Connections {
  const listeners = new Set<() => void>()

  const keyOf = (scope: TenantScope, connection_id: ConnectionId): ConnectionId =>
    shared && connection_id !== ENVIRONMENT ? tenantKey(scope, connection_id) : connection_id
  const environmentKeys = (scope: TenantScope): ResolveSecrets => shared?.keys ?? secretsFor(scope)

  async function list(scope: TenantScope): Promise<Connection[]> {
    const stored = await store.connections.list(scope)
    const [kept, environment] = await Promise.all([
      keysWithin(secretsFor(scope), stored.flatMap(referencesOf)),
      keysWithin(environmentKeys(scope), Object.values(VARIABLES)),
    ])
    const switches = (connection_id: ConnectionId) => {
      const row = stored.find((one) => one.connection_id === connection_id)
      return { connection_id, serve: row?.serve ?? false, automatic: row?.automatic ?? false }
    }
    const url = local.running()?.url
    const first: Connection = {
      ...switches(LOCAL),
      name: 'Local server',
      source: 'local',
      ...(url !== undefined && { url }),
      has_keys: true,
    }
    const own = stored
      .filter(({ connection_id }) => connection_id !== LOCAL && connection_id !== ENVIRONMENT)
      .map((row) => ownConnection(row, kept))
    if (!shared) return [first, ...fromEnvironment(environment, switches(ENVIRONMENT)), ...own]
    return [...fromEnvironment(environment, { connection_id: ENVIRONMENT, serve: true, automatic: shared.automatic }), ...own]
  }

  async function find(scope: TenantScope, connection_id: ConnectionId): Promise<Connection> {
    const found = (await list(scope)).find((one) => one.connection_id === connection_id)
    if (found) return found
    throw new StudioError(
      'not_found',
      `There is no LiveKit connection "${connection_id}".`,
      'See Settings → LiveKit for those that there are.',
    )
  }

  async function withKeys(scope: TenantScope, connection: Connection): Promise<LiveConnection> {
    const { connection_id, name, url, serve, automatic, api_key, api_secret, source } = connection
    if (url === undefined) throw incomplete(name, 'has no address')
    if (api_key === undefined || api_secret === undefined) throw incomplete(name, 'has no API key and secret')
    const keys = await presentSecrets(source === 'environment' ? environmentKeys(scope) : secretsFor(scope), [
      api_key,
      api_secret,
    ])
    const missing = [api_key, api_secret].filter((reference) => !keys[reference])
    if (missing.length > 0) throw incomplete(name, `misses a key: ${missing.join(', ')} is not set`)
    if (source === 'own') await requireReachable?.(scope, url)
    const opened = { api_key: keys[api_key] ?? '', api_secret: keys[api_secret] ?? '' }
    return { connection_id, key: keyOf(scope, connection_id), name, url, serve, automatic, ...opened }
  }

  async function resolve(scope: TenantScope, connection_id: ConnectionId): Promise<LiveConnection> {
    const connection = await find(scope, connection_id)
    if (connection.source !== 'local') return withKeys(scope, connection)
    const { name, serve, automatic } = connection
    return { connection_id, key: connection_id, name, serve, automatic, ...(await local.ensure()) }
  }

  return {
    list,
    find,
    resolve,
    key: keyOf,
    usable: async (scope) => {
      const running = local.running()
      const all = (await list(scope)).filter(({ source, url, has_keys }) =>
        source === 'local' ? running !== undefined : url !== undefined && has_keys,
      )
      const resolved = await Promise.allSettled(
        all.map(async (one): Promise<LiveConnection> => {
          const { connection_id, name, serve, automatic } = one
          if (one.source !== 'local' || !running) return withKeys(scope, one)
          return { connection_id, key: connection_id, name, serve, automatic, ...running }
        }),
      )
      // One whose key went away meanwhile does not hide the others.
      return resolved.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    },
    signalUrl: async (scope, connection_id) => {
      const { name, source, url } = await find(scope, connection_id)
      if (url !== undefined) return url
      throw source === 'local'
        ? new StudioError('unavailable', 'The local LiveKit server does not run.', 'Start it in Settings → LiveKit.')
        : incomplete(name, 'has no address')
    },
    changed: () => {
      for (const listener of [...listeners]) listener()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The same on every worker of a server. */
const tenantKey = ({ tenant_id }: TenantScope, connection_id: ConnectionId): ConnectionId =>
  ConnectionId.parse(
    `t-${createHash('sha256')
      .update(JSON.stringify([tenant_id, connection_id]))
      .digest('hex')
      .slice(0, 32)}`,
  )

const referencesOf = ({ api_key, api_secret }: StoredConnection): string[] => [api_key, api_secret].flatMap((one) => one ?? [])

/** What can be had now: while the file of secrets is locked, the list is shown all the same. */
const keysWithin = (resolve: ResolveSecrets, references: readonly string[]): Promise<Kept> =>
  presentSecrets(async (names) => {
    try {
      return await resolve(names)
    } catch (cause) {
      if (cause instanceof StudioError) return {}
      throw cause
    }
  }, references)

type Kept = Readonly<Record<string, string>>

function ownConnection(row: StoredConnection, kept: Kept): Connection {
  const { api_key, api_secret } = row
  const has_keys = api_key !== undefined && api_secret !== undefined && Boolean(kept[api_key] && kept[api_secret])
  return { ...row, source: 'own', has_keys }
}

/** Nothing while no address is set; with a wrong one the connection shows without an address. */
function fromEnvironment(kept: Kept, switches: Pick<Connection, 'connection_id' | 'serve' | 'automatic'>): Connection[] {
  const address = kept[VARIABLES.url]
  if (!address) return []
  const { api_key, api_secret } = VARIABLES
  const has_keys = Boolean(kept[api_key] && kept[api_secret])
  const url = readAddress(address)
  return [
    { ...switches, name: 'Environment', source: 'environment', ...(url !== undefined && { url }), api_key, api_secret, has_keys },
  ]
}

function readAddress(address: string): string | undefined {
  try {
    return parseServerAddress(address).url
  } catch {
    return undefined // the connection shows without an address
  }
}

const incomplete = (name: string, why: string): StudioError =>
  new StudioError('unavailable', `The LiveKit connection “${name}” ${why}.`, 'Complete it in Settings → LiveKit.')
