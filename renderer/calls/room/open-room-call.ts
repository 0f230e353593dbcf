import type { Room } from 'livekit-client'
import { createStore } from 'zustand/vanilla'
import { CLOCK_RPC, RESUME_RPC, type TurnLine } from '../../../core/room/turn-stream.ts'
import { pageNow } from '../media/page-clock.ts'
import { createAgentClock } from './agent-clock.ts'
import { dtmfCode } from './dtmf.ts'
import { keepJoined } from './keep-joined.ts'
import { createRoomAnswers } from './room-answers.ts'
import { openRoomAudio } from './room-audio.ts'
import type { RoomCall, RoomCallOptions } from './room-call.ts'
import { watchPath } from './room-path.ts'
import { peopleOf, qualityOf } from './room-people.ts'
import { agentOf, emptyRoom, withLink, type RoomState } from './room-state.ts'
import { createRpcConsole } from './rpc-console.ts'
import { readStreams } from './room-streams.ts'
import { goOnWithout, resumeFrom, waitingLines } from './turn-receipts.ts'

const CHAT_TOPIC = 'lk.chat'
/** Several streams may close a gap together: asked once they have come to rest. */
const ASK_FOR_MISSING_AFTER_MS = 400

/** Joins a room and stays in it, whatever breaks, until the call is over or `close`. */
export function openRoomCall(options: RoomCallOptions): RoomCall {
  const { as, join, voice, agent_identity } = options
  const store = createStore<RoomState>(() => emptyRoom({ as, ...join, since: Date.now() }))
  const update = (change: (state: RoomState) => RoomState) => store.setState(change, true)
  let room: Room | undefined
  let knownAgent: string | undefined
  let meetings = 0
  let missing: ReturnType<typeof setTimeout> | undefined

  const performRpc = (to: string, method: string, payload: string, timeout?: number): Promise<string> =>
    room
      ? room.localParticipant.performRpc({
          destinationIdentity: to,
          method,
          payload,
          ...(timeout === undefined ? {} : { responseTimeout: timeout }),
        })
      : Promise.reject(new Error('Not in the room'))
  const agent = () => agentOf(store.getState().people, agent_identity)
  const askAgent = (method: string, request: object): Promise<string> => {
    const to = agent()?.identity
    return to === undefined ? Promise.reject(new Error('No agent')) : performRpc(to, method, JSON.stringify(request))
  }
  // Nothing waits for it: an agent that is being replaced answers the next time.
  const resume = () => void askAgent(RESUME_RPC, resumeFrom(store.getState().receipts)).catch(() => undefined)

  const answers = createRoomAnswers(update)
  const console = createRpcConsole(performRpc, update)
  const clock = createAgentClock({
    ask: (request) => askAgent(CLOCK_RPC, request),
    onReading: (reading) => audio?.setClock(reading),
  })
  const audio = voice
    ? openRoomAudio({ onHeard: clock.heard, onProblem: options.onProblem, canSpeak: as === 'caller' })
    : undefined

  /** An agent came: the first one, the successor of one that died, or the same one after a break. */
  const metAgent = (identity: string) => {
    knownAgent = identity
    if (as === 'caller') clock.begin()
    if (meetings++ > 0 || options.late) resume()
  }
  const look = () => {
    const present = room
    if (!present) return
    const people = peopleOf(present, as)
    update((state) => ({ ...state, people, quality: qualityOf(present.localParticipant.connectionQuality) }))
    const there = agentOf(people, agent_identity)
    if (!there) clock.end()
    else if (there.identity !== knownAgent) metAgent(there.identity)
  }
  const delayOf = ({ event }: TurnLine): number | undefined => {
    const reading = clock.reading()
    return reading && pageNow() + reading.offset_ms - event.at_ms
  }
  /** Whoever is hidden sends nothing, so it cannot ask. */
  const closeGap = () => {
    missing = undefined
    const { receipts: before } = store.getState()
    if (waitingLines(before) === 0) return
    if (as !== 'observer') return resume()
    const { receipts, told } = goOnWithout(before)
    update((state) => ({ ...state, receipts }))
    options.onTold?.(told)
  }
  const askForMissing = () => {
    if (as === 'observer' && missing !== undefined) return
    clearTimeout(missing)
    missing = setTimeout(closeGap, ASK_FOR_MISSING_AFTER_MS)
  }

  /** Before each join: a new room object knows nothing of the one before. */
  const prepare = (next: Room) => {
    room = next
    knownAgent = undefined
    answers.bind(next)
    readStreams(next, {
      receipts: () => store.getState().receipts,
      update: (receipts) => {
        update((state) => ({ ...state, receipts }))
        if (waitingLines(receipts) > 0) askForMissing()
      },
      delayOf,
      onTold: (messages) => options.onTold?.(messages),
      onSummary: (summary) => update((state) => ({ ...state, summary })),
    })
    // Before the sound: whose track it is has to be known when the track comes.
    for (const event of PEOPLE_EVENTS) next.on(event, look)
    audio?.bind(next, () => agent()?.identity)
    next.on('participantDisconnected', ({ identity }) => {
      if (identity === knownAgent) knownAgent = undefined
      look()
    })
    next.on('reconnected', () => {
      knownAgent = undefined
      look()
    })
  }

  const joined = keepJoined({
    ...options,
    prepare,
    onLink: (link, problem) => {
      update((state) => withLink(state, link, Date.now(), problem))
      audio?.setLink(link)
    },
    onJoined: (next) => {
      look()
      audio?.joined(next)
    },
  })
  const stopPath = watchPath(
    () => room,
    (path) => update((state) => ({ ...state, path })),
  )
  audio?.setLink('joining')

  const close = () => {
    clearTimeout(missing)
    clock.end()
    answers.close()
    stopPath()
    audio?.audio.close()
    joined.close()
  }
  return {
    store,
    audio: audio?.audio,
    canChat: () => ['connected', 'signal'].includes(store.getState().link) && agent() !== undefined,
    chat: async (text) => {
      if (!room) throw new Error('Not in the room')
      await room.localParticipant.sendText(text, { topic: CHAT_TOPIC, compress: false })
    },
    rpc: console.send,
    press: async (key) => {
      await room?.localParticipant.publishDtmf(dtmfCode(key), key)
      update((state) => ({ ...state, digits: (state.digits + key).slice(-64) }))
    },
    offer: answers.offer,
    answer: answers.answer,
    refuse: answers.refuse,
    answerAlways: answers.answerAlways,
    setInvite: (invite) => update((state) => ({ ...state, invite })),
    resume,
    comeBack: joined.again,
    close,
  }
}

const PEOPLE_EVENTS = [
  'participantConnected',
  'trackSubscribed',
  'trackUnsubscribed',
  'trackMuted',
  'trackUnmuted',
  'localTrackPublished',
  'localTrackUnpublished',
  'activeSpeakersChanged',
  'participantAttributesChanged',
  'participantMetadataChanged',
  'participantNameChanged',
  'connectionQualityChanged',
] as const
