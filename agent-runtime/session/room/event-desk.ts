import { RoomEvent, RpcError, type RemoteParticipant, type Room } from '@livekit/rtc-node'
import { CustomEvent } from '../../../core/extension/custom-event.ts'
import { isDeeperThan, MOST_LEVELS, parseJson } from '../../../core/json.ts'
import { EVENT_TOPIC } from '../../../core/room/turn-stream.ts'

/** Each may keep the extension busy for seconds. */
const MOST_EVENTS = 20

export type EventListener = Readonly<{
  callerIdentity: () => string | undefined
  onEvent: (event: CustomEvent) => Promise<void>
  /** A data message has no answer: what is wrong with it is told in the call. */
  onOdd: (text: string) => void
}>

/**
 * What the caller's app tells the extension of the agent: by RPC, which is answered, or by data message. Threat: everybody in the room may
 * send these, as often as they like. Only the caller's own count, and few at once. A data message of somebody who is not announced yet comes
 * without a name, like one of the server, and is nobody's; an RPC always has a name.
 */
export function createEventDesk({ callerIdentity, onEvent, onOdd }: EventListener) {
  let coming = 0
  const isFull = () => coming >= MOST_EVENTS
  const take = async (event: CustomEvent) => {
    coming += 1
    await onEvent(event).finally(() => (coming -= 1))
  }
  return {
    /** Before the agent is in. */
    watch(room: Room): void {
      room.on(RoomEvent.DataReceived, (payload: Uint8Array, sender: RemoteParticipant | undefined, _kind, topic) => {
        if (topic !== EVENT_TOPIC || sender === undefined || sender.identity !== callerIdentity()) return
        const event = read(new TextDecoder().decode(payload))
        if (typeof event === 'string') return onOdd(`A message "${EVENT_TOPIC}" of the caller was not understood: ${event}`)
        if (isFull()) return onOdd(`Messages "${EVENT_TOPIC}" come faster than the extension takes them; some were left out.`)
        take(event).catch(() => undefined)
      })
    },
    /** Once it is in. */
    answer(room: Room): void {
      room.localParticipant?.registerRpcMethod(EVENT_TOPIC, async ({ callerIdentity: sender, payload }) => {
        if (sender !== callerIdentity()) throw refusal('only the caller of this call may send events')
        const event = read(payload)
        if (typeof event === 'string') throw refusal(`not understood: ${event}`)
        if (isFull()) throw refusal('too many events at once: wait for the answers')
        await take(event)
        return '{}'
      })
    },
  }
}

/** Or why it is none. */
function read(text: string): CustomEvent | string {
  const json = parseJson(text)
  if (json === undefined) return 'it is no JSON'
  // Whoever follows it further down than that runs out of stack, and with it every call of this process.
  if (isDeeperThan(json, MOST_LEVELS)) return 'it is nested too deeply'
  const event = CustomEvent.safeParse(json)
  if (event.success) return event.data
  const { path = [], message = 'it is no event' } = event.error.issues[0] ?? {}
  return [path.join('.'), message].filter(Boolean).join(' ')
}

const refusal = (text: string) => new RpcError(RpcError.ErrorCode.APPLICATION_ERROR, text)
