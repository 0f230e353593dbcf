import { LeaveRequest, SignalRequest, SignalResponse, type JoinResponse } from '@livekit/protocol'
import { WebSocket } from 'ws'
import type { Found } from './found.ts'

/** What a join through the signalling alone told. */
export type SignalJoin = Readonly<{ found: Found; version?: string; round_trip_ms?: number }>

const WITHIN_MS = 8_000
/** Of the signalling protocol; what the oldest servers still in use understand. */
const PROTOCOL = '9'

/** What Greenroom does through a server, and since which version servers do it (their change log). */
const NEEDS: readonly Readonly<{ version: string; what: string }>[] = [
  { version: '1.7.0', what: 'attributes of participants (states of the agent)' },
  { version: '1.7.2', what: 'agents by name' },
  { version: '1.8.3', what: 'text streams (turns as JSON, chat, transcript)' },
]

/** Joins without media: the server says what it is, and how long its answers take. */
export async function joinBySignal(url: string, token: string, signal: AbortSignal): Promise<SignalJoin> {
  signal.throwIfAborted()
  const query = new URLSearchParams({ access_token: token, auto_subscribe: '0', sdk: 'js', version: '2.0.0', protocol: PROTOCOL })
  const socket = new WebSocket(`${url}/rtc?${query.toString()}`, { handshakeTimeout: WITHIN_MS, perMessageDeflate: false })
  socket.on('error', () => undefined)
  const patience = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
  try {
    const join = await nextMessage(socket, patience, (message) => (message.case === 'join' ? message.value : undefined))
    const began = performance.now()
    const pong = nextMessage(socket, patience, (message) => (message.case === 'pongResp' ? message.value : undefined))
    const request = new SignalRequest({ message: { case: 'pingReq', value: { timestamp: BigInt(Date.now()), rtt: 0n } } })
    socket.send(request.toBinary())
    await pong
    const round_trip_ms = performance.now() - began
    socket.send(new SignalRequest({ message: { case: 'leave', value: new LeaveRequest() } }).toBinary())
    return { found: joinedWords(join, round_trip_ms), round_trip_ms, ...versionOf(join) }
  } catch (cause) {
    signal.throwIfAborted()
    return { found: notJoined(cause) }
  } finally {
    socket.terminate()
  }
}

type Message = SignalResponse['message']

/** The first message that `pick` takes; rejects when the connection ends before. */
function nextMessage<Value>(
  socket: WebSocket,
  signal: AbortSignal,
  pick: (message: Message) => Value | undefined,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true })
    socket.once('close', (code) => reject(new Error(`it closed the connection (${code})`)))
    socket.once('unexpected-response', (_, reply) => reject(new Error(`it answered ${reply.statusCode ?? 0}`)))
    socket.once('error', reject)
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return
      try {
        const value = pick(SignalResponse.fromBinary(data).message)
        if (value !== undefined) resolve(value)
      } catch (cause) {
        reject(asError(cause))
      }
    })
  })
}

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))

const versionOf = ({ serverInfo, serverVersion }: JoinResponse): Readonly<{ version?: string }> => {
  const version = serverInfo?.version || serverVersion
  return version ? { version } : {}
}

function joinedWords({ iceServers }: JoinResponse, round_trip_ms: number): Found {
  const turn = iceServers.some(({ urls }) => urls.some((url) => url.startsWith('turn'))) ? ', and it offers TURN' : ''
  return {
    step: {
      state: 'ok',
      detail: `A room can be joined; its signalling takes ${Math.round(round_trip_ms)} ms there and back${turn}.`,
    },
  }
}

function notJoined(cause: unknown): Found {
  const why = cause instanceof Error ? cause.message : String(cause)
  return {
    step: {
      state: 'failed',
      detail: `A room could not be joined: ${cause instanceof Error && cause.name === 'TimeoutError' ? 'the server does not answer' : why}.`,
      hint: 'If a proxy stands before the server, it must pass WebSockets on.',
    },
    stop: true,
  }
}

export function versionStep({ version }: SignalJoin): Found {
  if (version === undefined) return { step: { state: 'skipped', detail: 'The server does not say its version.' } }
  const missing = NEEDS.filter((need) => isOlder(version, need.version))
  if (missing.length === 0) return { step: { state: 'ok', detail: `LiveKit ${version}.` } }
  const what = missing.map((need) => `${need.what} from ${need.version} on`).join('; ')
  return {
    step: { state: 'warning', detail: `LiveKit ${version} is too old for: ${what}.`, hint: 'Use a newer livekit-server.' },
  }
}

/** By number and number; what is no number counts as 0. */
function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0)
  const [mine, theirs] = [numbers(version), numbers(than)]
  for (let place = 0; place < 3; place += 1) {
    const difference = (mine[place] ?? 0) - (theirs[place] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
