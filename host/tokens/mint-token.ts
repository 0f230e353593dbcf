/**
 * Ways into rooms for callers. Threat: whoever holds a key of role `caller` (often a web page) can have as many tokens as its limits allow,
 * and writes their metadata. So a token is for one new room of its own tenant, cannot change itself, and its metadata may say who calls and
 * what for; the tenant is signed by the server, and what would change an agent is refused by its path.
 */
import { randomUUID } from 'node:crypto'
import type { Caller } from '../../core/contract/caller.ts'
import type { ConnectionId } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { OutputOf, ParsedInputOf } from '../../core/contract/index.ts'
import type { DirectoryReads } from '../../core/store/directory.ts'
import type { LimitStore } from '../../core/store/limits.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { ConnectionBook, LiveConnection } from '../livekit/live-connection.ts'
import { createServerApi } from '../livekit/server-api.ts'
import { CLAIM, signClaim } from '../livekit/tenant-claim.ts'
import { dispatchingToken } from '../livekit/tokens.ts'
import { requireQuota } from './require-quota.ts'
import { newRoomName } from './room-name.ts'
import { readTokenMetadata } from './token-metadata.ts'

export type MintDeps = Readonly<{
  connections: ConnectionBook
  /** Under which name workers answer for whichever agent is meant. */
  dispatch_name: string
  /** A worker shall answer under that name there. */
  want: (key: ConnectionId) => Promise<void>
  /** Where clients reach the LiveKit server, when that is not where this host does. */
  public_url?: string | undefined
  directory: Pick<DirectoryReads, 'tenant'>
  limits: Pick<LimitStore, 'usage'>
  store: Pick<Store, 'commit'>
  /** This host is about to stop. */
  draining: () => boolean
  clock: () => number
}>

/** A caller joins within this time, or asks again. */
const TOKEN_MINUTES = 10
/** Longer than the token, for a job that is dispatched once more. */
const CLAIM_MS = 60 * 60 * 1000

export async function mintToken(
  deps: MintDeps,
  caller: Caller,
  { roomName, userName, metadata: given }: ParsedInputOf<'token.mint'>,
): Promise<OutputOf<'token.mint'>> {
  const { dispatch_name, directory, clock } = deps
  if (deps.draining()) throw aboutToStop()
  const scope: TenantScope = { tenant_id: caller.tenant_id, user_id: caller.user_id }
  const metadata = readTokenMetadata(given, caller)
  await requireQuota(deps, scope, clock())
  const connection = await connectionFor(deps.connections, scope)
  const room_name = await newRoomName(directory, scope, roomName)
  if (await createServerApi(connection).hasRoom(room_name)) throw roomIsThere(room_name)
  await deps.want(connection.key)
  const claim = {
    ...{ tenant_id: scope.tenant_id, room_name, expires_at: clock() + CLAIM_MS },
    ...(caller.key_id !== undefined && { key_id: caller.key_id }),
  }
  const token = await dispatchingToken(
    connection,
    {
      ...{ room_name, identity: userName ?? `caller-${randomUUID()}`, name: userName ?? 'Caller' },
      metadata: metadata.of_participant,
    },
    { dispatch_name, metadata: JSON.stringify({ ...metadata.of_job, [CLAIM]: signClaim(connection.api_secret, claim) }) },
    TOKEN_MINUTES,
  )
  await deps.store.commit(scope, [], { action: 'token.mint', subject: room_name, detail: {} })
  return { token, url: deps.public_url ?? connection.url, room: room_name }
}

/** The tenant's own that serves, else the one that all share, else whichever there is. */
async function connectionFor(connections: ConnectionBook, scope: TenantScope): Promise<LiveConnection> {
  const usable = await connections.usable(scope)
  const own = usable.find(({ key, connection_id, serve }) => serve && key !== connection_id)
  const found = own ?? usable.find(({ connection_id }) => connection_id === 'environment') ?? usable[0]
  if (found) return found
  throw new StudioError(
    'unavailable',
    'There is no LiveKit server through which anybody could call.',
    'Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET where Greenroom runs.',
  )
}

const aboutToStop = (): StudioError =>
  new StudioError('unavailable', 'This server is about to stop, and takes no new calls.', 'Ask again in a moment.')

const roomIsThere = (room_name: string): StudioError =>
  new StudioError('conflict', `The room "${room_name}" is there already.`, 'Give another roomName, or leave it out.', [
    { path: '/roomName', message: 'names a room that exists' },
  ])
