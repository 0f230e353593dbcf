import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { SessionId } from '../../core/contract/ids.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { closeMedia } from './close-media.ts'
import type { LiveSession } from './live-session.ts'

/** An upgraded HTTP request on its way to the process that speaks WebSocket on it. */
export type MediaUpgrade = Readonly<{ headers: Readonly<Record<string, string>>; head: Buffer; socket: Socket }>

type MediaDeps = Readonly<{
  calls: Pick<CallStore, 'find'>
  live: (session_id: SessionId) => LiveSession | undefined
  log: Logger
}>

/** Hands the socket to the process that holds the session; a call that is being recovered gets it when its new process is ready. */
export async function attachMedia(
  { calls, live, log }: MediaDeps,
  scope: TenantScope,
  id: string,
  { headers, head, socket }: MediaUpgrade,
): Promise<void> {
  // Whoever resets the connection while it waits here must not end the host.
  socket.on('error', () => socket.destroy())
  const session_id = SessionId.safeParse(id).data
  const known = session_id && (await calls.find(scope, session_id))
  const found = session_id && live(session_id)
  if (!session_id || !known) return closeMedia(headers, socket, 'unknown')
  if (!found) return closeMedia(headers, socket, 'ended')
  if (known.modality === 'text') return closeMedia(headers, socket, 'text')
  try {
    await found.send({ type: 'media', session_id, headers: { ...headers }, head: head.toString('base64') }, socket)
  } catch (error) {
    log.debug({ session_id, error }, 'an audio socket found no process')
    if (found.isOver()) closeMedia(headers, socket, 'ended')
    else socket.destroy()
  }
}
