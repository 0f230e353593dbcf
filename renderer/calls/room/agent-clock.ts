import type { ClockRequest } from '../../../core/room/turn-stream.ts'
import { createPageClock, pageNow, type ClockReading } from '../media/page-clock.ts'
import { isJsonObject, parseJson } from '../../../core/json.ts'

const PING_EVERY_MS = 10_000
/** A few at the start, so that the first answer already has a good clock. */
const FIRST_PINGS_MS = [0, 300, 700, 1500]

export type AgentClock = Readonly<{
  /** An agent is there: maybe another process than before, with a clock of its own. */
  begin: () => void
  end: () => void
  /** The agent began to be heard at this moment of the page's clock. */
  heard: (at: number) => void
  reading: () => ClockReading | undefined
}>

type Options = Readonly<{
  /** The RPC `studio.clock`; rejects when nobody answers. */
  ask: (request: ClockRequest) => Promise<string>
  onReading: (reading: ClockReading) => void
}>

/** Keeps the agent's clock and the page's together, and tells the agent when it is heard. */
export function createAgentClock({ ask, onReading }: Options): AgentClock {
  const clock = createPageClock()
  let timers: ReturnType<typeof setTimeout>[] = []
  const learned = () => {
    const reading = clock.reading()
    return reading ? { offset_ms: reading.offset_ms, round_trip_ms: reading.round_trip_ms } : {}
  }
  const tell = async (more: Pick<ClockRequest, 'heard_at'>) => {
    const sent = pageNow()
    const answer = parseJson(await ask({ at: sent, ...learned(), ...more }))
    const session = isJsonObject(answer) ? answer['clock'] : undefined
    if (typeof session === 'number') onReading(clock.learn({ sent, clock: session, now: pageNow() }))
  }
  // An agent that is gone, or that does not know the method, answers nothing: the time then stays an estimate.
  const ping = () => void tell({}).catch(() => undefined)
  const later = (action: () => void, delay: number) => timers.push(setTimeout(action, delay))
  const again = () => {
    ping()
    later(again, PING_EVERY_MS)
  }
  const end = () => {
    timers.forEach(clearTimeout)
    timers = []
  }
  return {
    begin() {
      end()
      clock.forget()
      FIRST_PINGS_MS.forEach((delay) => later(ping, delay))
      later(again, PING_EVERY_MS)
    },
    end,
    heard: (at) => void tell({ heard_at: at }).catch(() => undefined),
    reading: clock.reading,
  }
}
