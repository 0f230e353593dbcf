import { fork } from 'node:child_process'
import { once } from 'node:events'
import { MediaCheckReply, type MediaCheck } from '../../../core/contract/media-check.ts'
import { childEnvironment } from '../../runtime/child-environment.ts'
import { guardPreload, runtimeEntry } from '../../runtime/runtime-entry.ts'
import type { Found } from './found.ts'

/** Two participants exchange data; rejects only with the reason of `signal`. */
export type TryMedia = (url: string, tokens: readonly [string, string], signal: AbortSignal) => Promise<MediaCheckReply>

/** Longer than ICE takes to try UDP, TCP and TURN one after the other. */
const WITHIN_MS = 15_000
const GRACE_MS = 10_000

/** In a process of its own, since the client of the server is native code: what becomes of it ends nothing else. */
export const tryMediaInProcess =
  (within_ms = WITHIN_MS): TryMedia =>
  async (url, [first, second], signal) => {
    signal.throwIfAborted()
    const child = fork(runtimeEntry('connection-check'), {
      env: childEnvironment(process.env, false),
      execArgv: ['--import', guardPreload()],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const stop = () => child.kill('SIGKILL')
    signal.addEventListener('abort', stop, { once: true })
    const late = setTimeout(stop, within_ms + GRACE_MS)
    try {
      const check: MediaCheck = { url, tokens: [first, second], within_ms }
      child.send(check, () => undefined)
      const reply = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)])
      signal.throwIfAborted()
      const known = MediaCheckReply.safeParse(reply?.[0])
      return known.success ? known.data : { type: 'failed', message: 'the process that tried it ended early' }
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      stop()
    }
  }

export async function mediaStep(
  tryMedia: TryMedia,
  url: string,
  tokens: readonly [string, string],
  signal: AbortSignal,
): Promise<Readonly<{ found: Found; transport?: 'udp' | 'tcp' | 'turn' }>> {
  const reply = await tryMedia(url, tokens, signal)
  if (reply.type === 'failed') return { found: blocked(reply.message) }
  const { round_trip_ms, transport } = reply
  const way = transport ? ` over ${WAYS[transport]}` : ''
  const detail = `Media get through${way}: ${Math.round(round_trip_ms)} ms there and back.`
  if (transport === 'udp' || !transport) return { found: { step: { state: 'ok', detail } }, ...(transport && { transport }) }
  const hint = 'UDP would be quicker and steadier: open the server’s UDP ports (7882, or 50000-60000) on the way.'
  return { found: { step: { state: 'warning', detail, hint } }, transport }
}

const WAYS = { udp: 'UDP', tcp: 'TCP', turn: 'a TURN relay' } as const

const blocked = (why: string): Found => ({
  step: {
    state: 'failed',
    detail: `The room is joined, but no media get through (${why}).`,
    hint: 'A firewall or NAT is in the way: open the server’s media ports (UDP 7882 or 50000-60000, TCP 7881) and let it announce an address that is reachable from here (rtc.node_ip or use_external_ip).',
  },
})
