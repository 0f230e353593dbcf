import { v7 } from 'uuid'
import type { Connection, ConnectionCheck, ConnectionId, ConnectionStep } from '../../../core/contract/connections.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { createServerApi } from '../../livekit/server-api.ts'
import type { LiveConnection } from '../../livekit/live-connection.ts'
import { callerToken } from '../../livekit/tokens.ts'
import { httpAddress, parseServerAddress } from '../connection-url.ts'
import type { Connections } from '../connections.ts'
import type { Found } from './found.ts'
import { clockStep, identityStep, keysStep } from './http-steps.ts'
import { joinBySignal, versionStep } from './join-steps.ts'
import { mediaStep, type TryMedia } from './media-step.ts'
import { ask, reachStep } from './reach.ts'

type Watcher = Readonly<{ signal: AbortSignal; onStep: (step: ConnectionStep) => void }>

/** Finds out step by step whether a connection works. Rejects only with the reason of `signal`, or `not_found`. */
export type CheckConnection = (scope: TenantScope, id: ConnectionId, watcher: Watcher) => Promise<ConnectionCheck>

const ORDER = ['address', 'reach', 'livekit', 'clock', 'keys', 'version', 'join', 'media'] as const

export type CheckDeps = Readonly<{
  connections: Pick<Connections, 'find' | 'resolve'>
  tryMedia: TryMedia
  now: () => number
}>

export const createCheckConnection =
  (deps: CheckDeps): CheckConnection =>
  async (scope, id, { signal, onStep }) => {
    const connection = await deps.connections.find(scope, id)
    const steps: ConnectionStep[] = []
    const facts: Facts = {}
    const take = (step: ConnectionStep) => {
      steps.push(step)
      onStep(step)
    }
    try {
      for await (const step of walk(deps, scope, connection, facts, signal)) take(step)
    } finally {
      await facts.leave?.()
    }
    signal.throwIfAborted()
    for (const step of ORDER.slice(steps.length)) take({ step, state: 'skipped', detail: 'Not tried.' })
    return {
      ok: steps.every(({ state }) => state === 'ok' || state === 'warning'),
      steps,
      ...(facts.version !== undefined && { server_version: facts.version }),
      ...(facts.round_trip_ms !== undefined && { round_trip_ms: facts.round_trip_ms }),
      ...(facts.transport && { transport: facts.transport }),
    }
  }

/** What is learned on the way; `leave` takes the temporary room away. */
type Facts = {
  version?: string
  round_trip_ms?: number
  transport?: NonNullable<ConnectionCheck['transport']>
  leave?: () => Promise<void>
}

/** Each step when it ends; stops after the first that nothing can follow. */
async function* walk(
  deps: CheckDeps,
  scope: TenantScope,
  connection: Connection,
  facts: Facts,
  signal: AbortSignal,
): AsyncGenerator<ConnectionStep> {
  let began = performance.now()
  const done = (step: ConnectionStep['step'], found: Found): ConnectionStep => {
    signal.throwIfAborted()
    const duration_ms = Math.round(performance.now() - began)
    began = performance.now()
    return { step, ...found.step, duration_ms }
  }
  const local = connection.source === 'local' ? await resolved(deps, scope, connection) : undefined
  if (local instanceof StudioError) {
    yield done('address', { step: { state: 'failed', detail: local.message, hint: local.hint } })
    return
  }
  const url = local?.url ?? connection.url
  const address = addressStep(connection, url)
  yield done('address', address)
  if (address.stop || url === undefined) return

  const root = await ask(httpAddress(url), signal)
  const reach = reachStep(url, root)
  yield done('reach', reach)
  if (reach.stop || 'failure' in root) return

  const livekit = identityStep(root, await ask(httpAddress(url, '/rtc/validate'), signal))
  yield done('livekit', livekit)
  if (livekit.stop) return
  const clock = clockStep(root, deps.now)
  yield done('clock', clock)

  const live = local ?? (await resolved(deps, scope, connection))
  if (live instanceof StudioError) {
    yield done('keys', { step: { state: 'failed', detail: live.message, hint: live.hint } })
    return
  }
  const room_name = `greenroom-check-${v7()}`
  const token = (identity: string) => callerToken(live, { room_name, identity }, 2)
  const keys = await keysStep(live.url, await token('check'), clock, signal)
  yield done('keys', keys)
  if (keys.stop) return

  // From here on there may be a room.
  facts.leave = () => removeRoom(live, room_name)
  const joined = await joinBySignal(live.url, await token('check'), signal)
  if (joined.version !== undefined) facts.version = joined.version
  yield done('version', versionStep(joined))
  if (joined.round_trip_ms !== undefined) facts.round_trip_ms = joined.round_trip_ms
  yield done('join', joined.found)
  if (joined.found.stop) return

  const media = await mediaStep(deps.tryMedia, live.url, [await token('check-a'), await token('check-b')], signal)
  if (media.transport) facts.transport = media.transport
  yield done('media', media.found)
}

async function resolved(
  { connections }: CheckDeps,
  scope: TenantScope,
  { connection_id }: Connection,
): Promise<LiveConnection | StudioError> {
  try {
    return await connections.resolve(scope, connection_id)
  } catch (cause) {
    if (cause instanceof StudioError) return cause
    throw cause
  }
}

function addressStep({ source }: Connection, url: string | undefined): Found {
  if (url === undefined) {
    const detail = source === 'environment' ? 'LIVEKIT_URL is not the address of a server.' : 'There is no address.'
    const hint = 'Write it as wss://name.livekit.cloud or ws://127.0.0.1:7880.'
    return { step: { state: 'failed', detail, hint }, stop: true }
  }
  const { warning } = parseServerAddress(url)
  return { step: warning === undefined ? { state: 'ok', detail: url } : { state: 'warning', detail: url, hint: warning } }
}

/** The server would drop it soon by itself: a failure here is none of the check's. */
const removeRoom = (connection: LiveConnection, room_name: string): Promise<void> =>
  createServerApi(connection)
    .deleteRoom(room_name)
    .catch(() => undefined)
