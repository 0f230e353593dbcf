import { setTimeout as sleep } from 'node:timers/promises'
import type { RemoteParticipant } from '@livekit/rtc-node'
import type { RoomSpec } from '../../../core/contract/runtime.ts'
import type { SessionEvent } from '../../../core/contract/session-events.ts'
import type { CustomEvent } from '../../../core/extension/custom-event.ts'
import { SUMMARY_TOPIC } from '../../../core/room/turn-stream.ts'
import type { ToolRpc } from '../../tools/tool-port.ts'
import type { Report } from '../report.ts'
import type { CallerListener, LineListener, VoiceLine } from '../voice-line.ts'
import { createAgentState } from './agent-state.ts'
import { answerFrontends, hearChat } from './answer-frontends.ts'
import { createDialling } from './dtmf.ts'
import { createEventDesk } from './event-desk.ts'
import { createHeardClock } from './heard-clock.ts'
import { createRoomLine, type RoomLine } from './room-line.ts'
import { createRoomLink } from './room-link.ts'
import { createRoomOut } from './room-out.ts'
import { createRoomPeople } from './room-people.ts'
import { createSummary, type EarlierCall } from './summary.ts'
import { createTranscription } from './transcription.ts'
import { createTurnFeed } from './turn-feed.ts'
import { createTurnRpc } from './turn-rpc.ts'

/** Strangers' words are journaled so often, and not again. */
const MOST_ODD = 20
/** How long what was told last may take on its way out. */
const LAST_WORDS_MS = 500
/**
 * A caller who was back in the room before the agent is not told to it by rtc-node (0.13.35) when it has restored the connection by itself:
 * who is not seen after this time may be there all the same, and a fresh join shows everybody.
 */
const SEEN_MS = 1500
/** LiveKit takes this off the time that it grants the other side: without it, an app had 3 of a tool's 10 seconds. */
const RPC_ROUND_TRIP_MS = 7000

export type RoomParts = Readonly<{
  room: RoomSpec
  attempt: number
  earlier: readonly SessionEvent[] | undefined
  /** What earlier attempts had told. */
  before: EarlierCall
  report: Report
  /** The present configuration asks for `agent.turn`. */
  turnRpc: () => boolean
  askToken: () => void
}>
export type RoomListener = CallerListener &
  Readonly<{
    /** The caller typed this, or dialled it. */
    onLine: (text: string) => void
    /** The caller's app sent this. */
    onEvent: (event: CustomEvent) => Promise<void>
  }>

/** A call's room: the agent in it, the caller in it, and everything that a frontend sees of the agent. */
export type CallRoom = Readonly<{
  /** Rejects with StudioError when the agent cannot get in. */
  join: (listener: RoomListener) => Promise<void>
  /** Of a voice call, before it joins. */
  openLine: (listener: LineListener) => VoiceLine
  /** Everything that the call tells is told to the room as well. */
  tell: (events: readonly SessionEvent[]) => void
  token: (token: string | undefined) => void
  listenTo: (identity: string) => void
  rpc: ToolRpc
  /** The agent is out when this resolves, after a second and a half at the latest. */
  leave: (how?: Readonly<{ isOver?: boolean }>) => Promise<void>
}>

export function createCallRoom(parts: RoomParts): CallRoom {
  const { room: spec, report } = parts
  const heardClock = createHeardClock(report.clock)
  let listener: RoomListener = { onThere() {}, onGone() {}, onLost() {}, onLine() {}, onEvent: async () => {} }
  let line: RoomLine | undefined
  /** The room was joined anew by us: it shows everybody. */
  let fresh = false
  const odd = new Set<string>()

  const people = createRoomPeople(spec.caller_identity, {
    journal: report.journal,
    onCaller(caller) {
      line?.listenTo(caller)
      line?.hold('away', false)
      void (line?.ready() ?? Promise.resolve()).then(() => listener.onThere())
    },
    onAway: () => line?.hold('away', true),
    onLost: (reason) => listener.onLost(reason),
  })
  const link = createRoomLink(spec, {
    onRoom(room) {
      people.watch(room)
      line?.watch(room)
      events.watch(room)
      hearChat(room, people.callerIdentity, (text) => listener.onLine(text))
      room.on('dtmfReceived', (_code, digit, participant?: RemoteParticipant) => {
        // Whoever is not announced yet comes without a name.
        if (participant) dialling.digit(participant.identity, digit)
      })
    },
    async onJoined(room, join_ms) {
      fresh = true
      report.journal({ type: 'room.joined', room_name: spec.room_name, identity: spec.identity, join_ms })
      answerFrontends(room, { people, feed, heardClock })
      events.answer(room)
      state.again()
      await line?.publish(room)
      people.look(room)
    },
    onDown() {
      report.journal({ type: 'room.connection', state: 'reconnecting' })
      fresh = false
      people.blind()
      line?.hold('down', true)
    },
    onUp(gap_ms) {
      report.journal({ type: 'room.connection', state: 'reconnected', gap_ms })
      feed.again()
      transcription.again()
      state.again()
      line?.hold('down', false)
      const room = link.room()
      if (!room) return
      people.look(room)
      const renew = () => {
        if (people.isAway() && link.room() === room) link.renew()
      }
      if (!fresh) setTimeout(renew, SEEN_MS).unref()
    },
    onOver(reason) {
      report.journal({ type: 'room.connection', state: 'lost' })
      // A room without people is closed by its server while the agent still waits.
      listener.onLost(reason === 'room_closed' && people.isAway() ? 'connection_lost' : reason)
    },
    askToken: parts.askToken,
  })
  const events = createEventDesk({
    callerIdentity: people.callerIdentity,
    onEvent: (event) => listener.onEvent(event),
    onOdd(text) {
      if (odd.has(text)) return
      odd.add(text)
      if (odd.size <= MOST_ODD) report.journal({ type: 'notice', level: 'warning', text })
    },
  })
  const out = createRoomOut(link.room)
  const state = createAgentState(out)
  const feed = createTurnFeed(parts, out)
  const summary = createSummary(parts.before)
  const transcription = createTranscription(out, {
    caller: () => {
      const identity = people.caller()?.identity
      return identity === undefined ? undefined : { identity, track: line?.callerTrack() }
    },
    agent: () => ({ identity: spec.identity, track: line?.agentTrack() }),
  })
  const turnRpc = createTurnRpc({
    out,
    caller: () => people.caller()?.identity,
    wanted: parts.turnRpc,
    onUnanswered: () =>
      report.journal({ type: 'notice', level: 'info', text: 'No frontend answers the RPC agent.turn that this agent sends.' }),
  })
  const dialling = createDialling((identity, digits) => {
    report.journal({ type: 'dtmf', digits, identity })
    if (identity === people.caller()?.identity) listener.onLine(`[DTMF] ${digits}`)
  })

  return {
    async join(joined) {
      listener = joined
      await link.join()
    },
    openLine(of) {
      line = createRoomLine(of, heardClock)
      return line
    },
    tell(events) {
      for (const audience of [state, feed, transcription, turnRpc, summary]) audience.tell(events)
    },
    token: link.token,
    listenTo: people.listenTo,
    async rpc(method, payload, timeout_ms) {
      const caller = people.caller()
      if (!caller) throw new Error('the caller is not in the room')
      return out.rpc(caller.identity, method, payload, timeout_ms + RPC_ROUND_TRIP_MS)
    },
    async leave({ isOver = true } = {}) {
      people.close()
      dialling.close()
      const told = async () => {
        if (out.isUp() && isOver) await out.publish(SUMMARY_TOPIC, summary.text())
        await Promise.all([feed.close(), transcription.close()])
      }
      await Promise.race([told().catch(() => undefined), sleep(LAST_WORDS_MS, undefined, { ref: false })])
      await link.leave()
    },
  }
}
