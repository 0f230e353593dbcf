import { ConnectionId, type Connection, type WorkerState } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { StoredConnection } from '../../core/store/connections.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import type { CheckConnection } from './check/check-connection.ts'
import { parseServerAddress } from './connection-url.ts'
import { ENVIRONMENT, LOCAL, type Connections } from './connections.ts'
import type { LocalServer } from './local/local-server.ts'

type Operation =
  'connection.list' | 'connection.save' | 'connection.delete' | 'connection.test' | 'local_server.start' | 'local_server.stop'

export type ConnectionHandlerDeps = Readonly<{
  store: Pick<Store, 'connections' | 'commit'>
  emit: Emit
  connections: Connections
  local: LocalServer
  check: CheckConnection
  worker: () => WorkerState
}>

export function connectionHandlers(deps: ConnectionHandlerDeps): HandlersOf<Operation> {
  const { store, emit, connections, local, check, worker } = deps
  const changed = () => {
    connections.changed()
    emit({ type: 'connection.changed' })
  }
  async function save(scope: TenantScope, connection: StoredConnection): Promise<Connection> {
    const detail = { serve: connection.serve, automatic: connection.automatic }
    const audit = { action: 'connection.save', subject: connection.connection_id, detail }
    await store.commit(scope, [{ kind: 'connection.save', connection }], audit)
    changed()
    return connections.find(scope, connection.connection_id)
  }
  return {
    'connection.list': async (_, { caller }) => ({
      connections: await connections.list(caller),
      worker: worker(),
      local_server: await local.state(),
    }),
    'connection.save': async (input, { caller }) => {
      const before = await known(connections, caller, input.connection_id)
      return save(caller, before ? merged(before, input) : await added(connections, caller, input))
    },
    'connection.delete': async ({ connection_id }, { caller }) => {
      const gone = await connections.find(caller, connection_id)
      if (gone.source !== 'own') throw builtIn(gone)
      const audit = { action: 'connection.delete', subject: connection_id, detail: {} }
      await store.commit(caller, [{ kind: 'connection.delete', connection_id }], audit)
      changed()
      return gone
    },
    'connection.test': async ({ connection_id }, { caller, signal, progress }) =>
      check(caller, connection_id, { signal, onStep: progress }),
    'local_server.start': (input, { signal, progress }) => local.start(input, { signal, progress }),
    'local_server.stop': () => local.stop(),
  }
}

type Input = ParsedInputOf<'connection.save'>

/** Undefined: a new one is meant, also under the id of one that was deleted (its undo). */
async function known(
  connections: Connections,
  scope: TenantScope,
  id: ConnectionId | undefined,
): Promise<Connection | undefined> {
  if (id === undefined) return undefined
  if (id === LOCAL || id === ENVIRONMENT) return connections.find(scope, id)
  return (await connections.list(scope)).find(({ connection_id }) => connection_id === id)
}

function merged(before: Connection, input: Input): StoredConnection {
  const { connection_id, source } = before
  const { serve = before.serve, automatic = before.automatic } = input
  if (source !== 'own') {
    if ([input.name, input.url, input.api_key, input.api_secret].some((one) => one !== undefined)) throw builtIn(before)
    return { connection_id, name: before.name, serve, automatic }
  }
  const url = input.url === undefined ? before.url : parseServerAddress(input.url).url
  const { name = before.name, api_key = before.api_key, api_secret = before.api_secret } = input
  return { connection_id, name, serve, automatic, ...keysOf({ url, api_key, api_secret }) }
}

async function added(connections: Connections, scope: TenantScope, input: Input): Promise<StoredConnection> {
  const { name, url, serve = false, automatic = false } = input
  if (name === undefined) throw incomplete('name', 'A connection needs a name.')
  if (url === undefined) throw incomplete('url', 'A connection needs the address of its server.')
  const taken = new Set((await connections.list(scope)).map(({ connection_id }) => String(connection_id)))
  const connection_id = input.connection_id ?? freeId(name, new Set([...taken, LOCAL, ENVIRONMENT]))
  return { connection_id, name, serve, automatic, ...keysOf({ ...input, url: parseServerAddress(url).url }) }
}

const keysOf = ({ url, api_key, api_secret }: { [Key in 'url' | 'api_key' | 'api_secret']?: string | undefined }) => ({
  ...(url !== undefined && { url }),
  ...(api_key !== undefined && { api_key }),
  ...(api_secret !== undefined && { api_secret }),
})

/** Its name in small letters, with a number when that is taken. */
function freeId(name: string, taken: ReadonlySet<string>): ConnectionId {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const base = plain.slice(0, 50).replace(/-+$/, '') || 'connection'
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`
    if (!taken.has(id)) return ConnectionId.parse(id)
  }
}

const incomplete = (key: string, message: string): StudioError =>
  new StudioError('malformed', message, `Give ${key}.`, [{ path: `/${key}`, message }])

const builtIn = ({ name, source }: Connection): StudioError =>
  new StudioError(
    'conflict',
    source === 'local'
      ? `“${name}” is run by Greenroom itself; only what it serves can be changed.`
      : `“${name}” comes from LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET; only what it serves can be changed here.`,
    source === 'local' ? 'Stop it, or add a connection of your own.' : 'Change the variables, or add a connection of your own.',
  )
