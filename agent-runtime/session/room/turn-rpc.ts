import type { JsonObject } from '../../../core/json.ts'
import type { SessionEvent } from '../../../core/contract/session-events.ts'
import { TURN_RPC } from '../../../core/room/turn-stream.ts'
import type { RoomOut } from './room-out.ts'

const ANSWER_MS = 3000
/** What LiveKit takes in one call, in bytes. */
const LARGEST = 15_000

export type TurnRpcParts = Readonly<{
  out: RoomOut
  caller: () => string | undefined
  /** The agent asks for it. */
  wanted: () => boolean
  /** Once a call: there is nobody who answers. */
  onUnanswered: () => void
}>

/** Sends the output of each turn to the caller's frontend as an RPC, if the agent asks for it; nothing ever waits for the answer. */
export function createTurnRpc({ out, caller, wanted, onUnanswered }: TurnRpcParts) {
  const outputs = new Map<string, JsonObject>()
  let told = false

  const send = ({ turn_id, spoken, interrupted }: Extract<SessionEvent, { type: 'turn.committed' }>) => {
    const output = outputs.get(turn_id)
    outputs.delete(turn_id)
    const to = caller()
    if (!wanted() || to === undefined || !out.isUp()) return
    const whole = JSON.stringify({ turn_id, output: output ?? null, spoken, interrupted })
    // The stream has all of it.
    const payload =
      Buffer.byteLength(whole) <= LARGEST ? whole : JSON.stringify({ turn_id, output: null, too_large: true, interrupted })
    out.rpc(to, TURN_RPC, payload, ANSWER_MS).catch(() => {
      if (!told) onUnanswered()
      told = true
    })
  }
  return {
    tell(events: readonly SessionEvent[]): void {
      for (const event of events) {
        if (event.type === 'output.done') outputs.set(event.turn_id, event.output)
        if (event.type === 'turn.committed') send(event)
      }
    },
  }
}
