import type { Logger } from 'pino'
import { renderSVG } from 'uqr'
import { StudioError } from '../../../core/contract/errors.ts'
import type { StudioEvent } from '../../../core/contract/events.ts'
import type { SessionId } from '../../../core/contract/ids.ts'
import type { Invite } from '../../../core/contract/rooms.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { HandlersOf } from '../../handler.ts'
import type { ConnectionBook, LiveConnection } from '../../livekit/live-connection.ts'
import { createServerApi } from '../../livekit/server-api.ts'
import { isLoopback } from '../../runtime/network-guard.ts'
import { lanAddress } from '../lan-address.ts'
import type { LocalServer } from '../local/local-server.ts'
import { openJoinListener, type JoinListener } from './join-listener.ts'
import { readJoinPage } from './join-page.ts'

export type InviteDeps = Readonly<{
  connections: Pick<ConnectionBook, 'resolve'>
  local: Pick<LocalServer, 'state'>
  /** Throws `not_found`. */
  summary: (scope: TenantScope, session_id: SessionId) => Promise<SessionSummary>
  renderer_dir: string
  log: Logger
  now: () => number
  /** Absent: this machine's address in its network. */
  address?: () => string | undefined
}>

export type Invites = Readonly<{
  handlers: HandlersOf<'room.invite' | 'room.close_invite'>
  /** A call that has ended has no guests. */
  onStudioEvent: (event: StudioEvent) => void
  close: () => Promise<void>
}>

type Open = Readonly<{ listener: JoinListener; timer: NodeJS.Timeout; dismiss: (guest: string) => Promise<void> }>

/** A guest who is put out should not hang on a server that does. */
const DISMISS_S = 2

/** At most one invitation of each call: a new one takes the place of the one before. */
export function createInvites({
  connections,
  local,
  summary,
  renderer_dir,
  log,
  now,
  address = lanAddress,
}: InviteDeps): Invites {
  const open = new Map<SessionId, Open>()
  let closed = false

  async function close(session_id: SessionId): Promise<void> {
    const one = open.get(session_id)
    open.delete(session_id)
    if (!one) return
    clearTimeout(one.timer)
    await one.listener.close()
    const guest = one.listener.guest()
    // Without its signalling the guest is gone from the page; the server would keep its place, and its sound, a while longer.
    if (guest !== undefined) await one.dismiss(guest).catch((cause: unknown) => log.debug({ err: cause }, 'a guest stayed'))
  }

  async function invite(scope: TenantScope, session_id: SessionId, minutes: number): Promise<Invite> {
    const { room, state, modality } = await summary(scope, session_id)
    if (!room) throw new StudioError('conflict', 'A direct call has no room for guests.', 'Start the call in a room.')
    if (state === 'ended') throw hasEnded()
    if (modality === 'text') throw nothingToHear()
    const connection = await connections.resolve(scope, room.connection_id)
    const lan = address()
    const page = await readJoinPage(renderer_dir)
    await close(session_id)
    const listener = await openJoinListener({
      address: lan ?? '127.0.0.1',
      page,
      connection,
      room_name: room.room_name,
      log,
      now,
    })
    // Meanwhile the call may have ended, the studio closed, or another invitation come about.
    const { state: present } = await summary(scope, session_id)
    if (present === 'ended' || closed) {
      await listener.close()
      throw hasEnded()
    }
    await close(session_id)
    const timer = setTimeout(listener.stopInviting, minutes * 60_000).unref()
    const dismiss = (guest: string) => createServerApi(connection, DISMISS_S).removeParticipant(room.room_name, guest)
    open.set(session_id, { listener, timer, dismiss })
    void listener.closed.then(() => {
      if (open.get(session_id)?.listener === listener) open.delete(session_id)
    })
    const warning = lan === undefined ? NO_NETWORK : await warningOf(connection, local)
    const { url, fingerprint } = listener
    return {
      url,
      qr_svg: renderSVG(url, { border: 2 }),
      expires_at: now() + minutes * 60_000,
      fingerprint,
      ...(warning !== undefined && { warning }),
    }
  }

  return {
    handlers: {
      'room.invite': ({ session_id, minutes }, { caller }) => invite(caller, session_id, minutes),
      'room.close_invite': async ({ session_id }) => {
        await close(session_id)
        return {}
      },
    },
    onStudioEvent: (event) => {
      if (event.type === 'session.changed' && event.session.state === 'ended') void close(event.session.session_id)
    },
    close: async () => {
      closed = true
      await Promise.all([...open.keys()].map(close))
    },
  }
}

const hasEnded = (): StudioError => new StudioError('conflict', 'This call has ended.', 'Invite into one that goes on.')

const nothingToHear = (): StudioError =>
  new StudioError(
    'conflict',
    'This is a call by text: its agent neither hears nor speaks, so a guest would have nothing to join.',
    'Start the call by voice, then invite.',
  )

const NO_NETWORK = 'This machine is in no local network: only a browser on it can open the link.'

/** Signalling comes through here; sound goes straight to the server. */
async function warningOf(connection: LiveConnection, local: Pick<LocalServer, 'state'>): Promise<string | undefined> {
  if (connection.connection_id === 'local') {
    return (await local.state()).lan
      ? undefined
      : 'The local server takes sound on this machine alone. Start it for the local network in Settings → LiveKit first; calls through it end then.'
  }
  return isLoopback(new URL(connection.url).hostname)
    ? 'This LiveKit server is on this machine; another device hears something only if its media ports are reachable from the network.'
    : undefined
}
