import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InputOf, OutputOf, SessionId, SessionSummary } from '../../../core/contract/index.ts'
import { StudioError } from '../../../core/contract/studio-error.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import type { StudioClient } from '../../client/studio-client.ts'
import { toStudioError } from '../../client/use-operation.ts'
import { openCallAudio, type CallAudio, type CallAudioOptions } from '../media/call-audio.ts'
import type { RoomCall } from '../room/room-call.ts'
import { joinRoom, type OpenRoom } from './join-room.ts'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import { followSession, type SessionFeed } from './session-feed.ts'
import { createTypedLines } from './typed-lines.ts'
import type { CarriedCalls } from './window-calls.ts'

/** How the caller speaks to the agent; a voice call can go on by text, with the microphone released. */
export type CallInput = 'microphone' | 'text'

export type CallState = Readonly<{
  phase: 'idle' | 'starting' | 'live' | 'stopping' | 'ended'
  input: CallInput
  session?: SessionSummary | undefined
  feed?: SessionFeed | undefined
  /** Of a voice call whose sound is in this window. */
  audio?: CallAudio | undefined
  /** Of a room call that this window takes part in; it can be read after its end. */
  room?: RoomCall | undefined
  /** What is being typed for the caller; it outlives the workspace, a lost host and the end of the call. */
  typed: string
  /** Why the last thing asked for did not happen. */
  failure?: StudioError | undefined
}>

export type StartCall = Readonly<{
  input: CallInput
  variables: NonNullable<InputOf<'session.start'>['variables']>
  script: readonly string[]
  what_if?: NonNullable<InputOf<'session.start'>['what_if']>
  /** Tools answer with their mocks. */
  mock_tools?: boolean
  /** A room of this connection, and who calls; absent: a direct call. */
  connection_id?: NonNullable<InputOf<'session.start'>['connection_id']> | undefined
  as?: NonNullable<InputOf<'session.start'>['as']> | undefined
  microphone_id: string | undefined
  speaker_id: string | undefined
}>

type Devices = Pick<StartCall, 'microphone_id' | 'speaker_id'>

export type CallController = Readonly<{
  store: StoreApi<CallState>
  start: (options: StartCall) => Promise<void>
  /** A call that is running already; `audio`: bring its sound into this window. */
  attach: (session: SessionSummary, audio: boolean, devices: Devices) => void
  /** Goes on with the call that has ended, with all that was said. */
  resume: (devices: Devices) => Promise<void>
  /** Brings the sound of the running call (back) into this window. */
  takeSound: (devices: Devices) => void
  stop: () => Promise<void>
  /** Says what is typed. */
  say: () => Promise<void>
  type: (text: string) => void
  interrupt: () => Promise<void>
  /** Another agent goes on with the running call. */
  switchAgent: (agent_id: string, history: 'keep' | 'clear') => Promise<void>
  setMuted: (muted: boolean) => void
  setInput: (input: CallInput, microphone_id: string | undefined) => void
  dismissFailure: () => void
  /** Back to the start card. */
  leave: () => void
  changed: (session: SessionSummary) => void
  /** The host answers again. */
  reconnected: () => void
}>

export const mediaUrl = (origin: string, media_path: string): string => origin.replace(/^http/, 'ws') + media_path
export const mediaPathOf = (session_id: SessionId): string => `/media/${session_id}`

type Deps = Readonly<{
  studio: StudioClient
  agent_id: string
  /** Of the page, for sockets. */ origin: string
  carried: CarriedCalls
  openRoom: OpenRoom
}>

/** Lost for long enough to have ended: it goes on from its journal when this window is in the room again, which it tries for ten minutes. */
const comesBack = ({ end_reason }: SessionSummary, { store }: RoomCall): boolean =>
  end_reason === 'connection_lost' && store.getState().link !== 'left'

const NO_CALL = { session: undefined, feed: undefined, audio: undefined, room: undefined, failure: undefined } as const

/** The call of one agent in this window: one at a time, and the last one stays to be read until the next begins. */
export function createCallController({ studio, agent_id, origin, carried, openRoom }: Deps): CallController {
  const store = createStore<CallState>(() => ({ phase: 'idle', input: 'microphone', typed: '' }))
  const set = store.setState

  const fail = (cause: unknown) => set({ failure: toStudioError(cause) })

  const sayByHost = (text: string) => {
    const { session } = store.getState()
    if (session) studio.call('session.say', { session_id: session.session_id, text }).catch(fail)
  }
  const typedLines = createTypedLines(sayByHost)

  const report =
    (session_id: SessionId): CallAudioOptions['onProblem'] =>
    ({ message, hint }) =>
      void studio.call('session.report', { session_id, message, hint }).catch(fail)

  const openDevices = (session_id: SessionId, audio: CallAudio, { microphone_id, speaker_id }: Devices) => {
    if (carried.muted(session_id)) audio.setMuted(true)
    if (store.getState().input === 'microphone') void audio.openMicrophone(microphone_id)
    // A speaker that is gone is no reason to be silent: the default one plays.
    if (speaker_id !== undefined) audio.setSpeaker(speaker_id).catch(() => undefined)
  }

  const openAudio = (session_id: SessionId, path: string, devices: Devices) => {
    const audio = openCallAudio({ url: mediaUrl(origin, path), onProblem: report(session_id) })
    openDevices(session_id, audio, devices)
    return audio
  }

  /** Joins the room of a call; by then the call may be another one, or over. */
  const enterRoom = async (session: SessionSummary, feed: SessionFeed, devices: Devices, given?: RoomJoin) => {
    try {
      const { session_id } = session
      const join = given ?? (await studio.call('room.join', { session_id, as: 'caller' }))
      const late = given === undefined
      const room = await joinRoom({ studio, openRoom, origin, session, feed, join, late, onProblem: report(session_id) })
      const now = store.getState()
      if (now.feed !== feed || now.phase === 'ended') return room.close()
      now.room?.close()
      set({ room, audio: room.audio })
      room.store.subscribe(({ link }) => {
        const { session: lost } = store.getState()
        if (link === 'left' && store.getState().room === room && lost?.state === 'ended') ended(lost)
      })
      if (room.audio) openDevices(session_id, room.audio, devices)
    } catch (cause) {
      fail(cause)
    }
  }

  const chat = async (room: RoomCall, text: string, view: SessionView) => {
    const forget = typedLines.sent(text, view)
    await room.chat(text).catch((cause: unknown) => {
      forget()
      throw cause
    })
  }

  const release = () => {
    const { feed, audio, room, session } = store.getState()
    typedLines.close()
    feed?.close()
    audio?.close()
    room?.close()
    if (session) carried.remove(session.session_id)
  }

  const ended = (session: SessionSummary) => {
    const { phase, audio, room } = store.getState()
    if (phase === 'ended' || phase === 'idle') return
    if (phase === 'live' && room && comesBack(session, room)) return set({ session })
    audio?.close()
    room?.close()
    carried.remove(session.session_id)
    set({ phase: 'ended', audio: undefined, session })
  }

  const follow = (session: SessionSummary): SessionFeed => {
    const feed = followSession(studio, session.session_id)
    let told = false
    feed.store.subscribe((view) => {
      if (store.getState().feed === feed) typedLines.told(view)
      if (view.ended === undefined || told || store.getState().feed !== feed) return
      told = true
      // The journal of a call that was resumed has an end in its middle: the host knows which one is the last.
      studio.call('session.get', { session_id: session.session_id }).then((now) => {
        if (now.state === 'ended' && store.getState().feed === feed) ended(now)
        told = false
      }, fail)
    })
    return feed
  }

  /** Makes a session that the host has just begun (or resumed) the call of this window. */
  const begin = ({ session, media_path, room }: OutputOf<'session.start'>, devices: Devices) => {
    const direct = session.kind === 'direct' && session.modality === 'voice'
    const audio = direct ? openAudio(session.session_id, media_path, devices) : undefined
    const feed = follow(session)
    carried.add(session.session_id)
    set({ phase: 'live', session, feed, audio, room: undefined })
    if (session.kind === 'room') void enterRoom(session, feed, devices, room)
  }

  return {
    store,
    async start({ input, variables, script, what_if = {}, mock_tools = false, connection_id, as, ...devices }) {
      const { phase } = store.getState()
      if (phase === 'starting' || phase === 'live' || phase === 'stopping') return
      release()
      set({ ...NO_CALL, phase: 'starting', input })
      try {
        const modality = input === 'microphone' ? 'voice' : 'text'
        const tools = mock_tools ? { tools: 'mock' as const } : {}
        const place = connection_id === undefined ? {} : { connection_id, ...(as ? { as } : {}) }
        begin(
          await studio.call('session.start', { agent_id, modality, variables, script: [...script], what_if, ...tools, ...place }),
          devices,
        )
      } catch (cause) {
        set({ phase: 'idle' })
        fail(cause)
      }
    },
    attach(session, withAudio, devices) {
      const before = store.getState()
      const same = before.session?.session_id === session.session_id
      if (before.phase === 'live' && same && (before.audio !== undefined || before.room !== undefined || !withAudio)) return
      if (!same) release()
      if (withAudio) carried.add(session.session_id)
      const input = session.modality === 'voice' ? 'microphone' : 'text'
      const feed = same && before.feed ? before.feed : follow(session)
      set({ ...(same ? {} : NO_CALL), phase: 'live', input, session, failure: undefined, feed })
      if (withAudio && session.kind === 'room') void enterRoom(session, feed, devices)
      else if (withAudio && session.modality === 'voice') {
        set({ audio: openAudio(session.session_id, mediaPathOf(session.session_id), devices) })
      }
    },
    async resume(devices) {
      const { session, phase } = store.getState()
      if (!session || phase !== 'ended') return
      set({ phase: 'starting', failure: undefined })
      try {
        begin(await studio.call('session.resume', { session_id: session.session_id }), devices)
      } catch (cause) {
        set({ phase: 'ended' })
        fail(cause)
      }
    },
    takeSound(devices) {
      const { session, feed, audio, room, phase } = store.getState()
      if (!session || !feed || phase !== 'live') return
      if (session.kind === 'room') return room ? room.comeBack() : void enterRoom(session, feed, devices)
      if (session.modality !== 'voice') return
      audio?.close()
      carried.add(session.session_id)
      set({ audio: openAudio(session.session_id, mediaPathOf(session.session_id), devices) })
    },
    async stop() {
      const { session, phase } = store.getState()
      if (!session || phase !== 'live') return
      set({ phase: 'stopping', failure: undefined })
      try {
        ended(await studio.call('session.stop', { session_id: session.session_id }))
      } catch (cause) {
        set({ phase: 'live' })
        fail(cause)
      }
    },
    type: (typed) => set({ typed }),
    async say() {
      const { session, feed, room, typed } = store.getState()
      const text = typed.trim()
      if (!session || text === '') return
      set({ typed: '', failure: undefined })
      try {
        // Where the room is away for a moment, the host brings the line to the agent.
        if (feed && room?.canChat()) await chat(room, text, feed.store.getState())
        else await studio.call('session.say', { session_id: session.session_id, text })
      } catch (cause) {
        const { code, message, hint, problems } = toStudioError(cause)
        const way = code === 'unavailable' ? 'What you typed stays in its box: send it when the connection is back.' : hint
        // Unless something else was typed meanwhile.
        set((state) => ({
          typed: state.typed === '' ? text : state.typed,
          failure: new StudioError(code, message, way, problems, { cause }),
        }))
      }
    },
    async interrupt() {
      const { session } = store.getState()
      if (session) await studio.call('session.interrupt', { session_id: session.session_id }).catch(fail)
    },
    async switchAgent(to, history) {
      const { session } = store.getState()
      if (!session) return
      const switched = await studio.call('session.switch_agent', { session_id: session.session_id, agent_id: to, history })
      if (store.getState().session?.session_id === session.session_id) set({ session: switched })
    },
    setMuted(muted) {
      const { session, audio } = store.getState()
      audio?.setMuted(muted)
      if (session && audio) carried.setMuted(session.session_id, muted)
    },
    setInput(input, microphone_id) {
      const { audio } = store.getState()
      set({ input })
      if (!audio) return
      if (input === 'microphone') void audio.openMicrophone(microphone_id)
      else audio.closeMicrophone()
    },
    reconnected: () => set(({ failure }) => ({ failure: failure?.code === 'unavailable' ? undefined : failure })),
    dismissFailure: () => set({ failure: undefined }),
    leave() {
      if (store.getState().phase !== 'ended') return
      release()
      set({ ...NO_CALL, phase: 'idle' })
    },
    changed(session) {
      if (store.getState().session?.session_id !== session.session_id) return
      set({ session })
      if (session.state === 'ended') ended(session)
    },
  }
}
