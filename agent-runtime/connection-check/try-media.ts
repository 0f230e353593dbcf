import { Room, RoomEvent } from '@livekit/rtc-node'
import type { MediaCheck, MediaCheckReply } from '../../core/contract/media-check.ts'
import { transportOf } from './transport.ts'

const TOPIC = 'greenroom.check'
const PINGS = 5

/** Two participants of one room; nothing is heard, data goes the way that sound goes. Never rejects. */
export async function tryMedia({ url, tokens, within_ms }: MediaCheck): Promise<MediaCheckReply> {
  const began = performance.now()
  const [caller, echo] = [new Room(), new Room()]
  const late = AbortSignal.timeout(within_ms)
  try {
    const options = { autoSubscribe: true, dynacast: false }
    await before(late, Promise.all([caller.connect(url, tokens[0], options), echo.connect(url, tokens[1], options)]))
    sendBack(echo)
    const times = await before(late, pingAll(caller))
    const duration_ms = performance.now() - began
    const transport = await transportOf(caller)
    return { type: 'connected', duration_ms, round_trip_ms: median(times), ...(transport && { transport }) }
  } catch (cause) {
    // LiveKit's errors hold the address that was asked, with the token in it.
    const said = cause instanceof Error ? cause.message : String(cause)
    return { type: 'failed', message: tokens.reduce((text, token) => text.replaceAll(token, '…'), said) }
  } finally {
    // The process ends right after; a server that does not answer must not keep it.
    await before(AbortSignal.timeout(2_000), Promise.allSettled([caller.disconnect(), echo.disconnect()])).catch(() => undefined)
  }
}

function sendBack(room: Room): void {
  room.on(RoomEvent.DataReceived, (payload) => {
    room.localParticipant?.publishData(payload, { reliable: true, topic: TOPIC }).catch(() => undefined)
  })
}

/** The first one is repeated until it comes back: it may be sent before the other side can hear. */
async function pingAll(room: Room): Promise<number[]> {
  let heard = (): void => undefined
  room.on(RoomEvent.DataReceived, () => heard())
  const ping = async (): Promise<number> => {
    const began = performance.now()
    const back = new Promise<void>((resolve) => (heard = resolve))
    const send = () => room.localParticipant?.publishData(Buffer.from('ping'), { reliable: true, topic: TOPIC })
    await send()
    const again = setInterval(() => void send()?.catch(() => undefined), 1_000)
    await back.finally(() => clearInterval(again))
    return performance.now() - began
  }
  await ping()
  const times: number[] = []
  for (let count = 0; count < PINGS; count += 1) times.push(await ping())
  return times
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

function before<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('no media connection came about in time')), { once: true }),
  )
  return Promise.race([work, late])
}
