import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InputOf, OutputOf, SessionId, SessionSummary } from '../../../core/contract/index.ts'
import { StudioError } from '../../../core/contract/studio-error.ts'
import type { StudioClient } from '../../client/studio-client.ts'
import { toStudioError } from '../../client/use-operation.ts'
import { openCallAudio, type CallAudio } from '../media/call-audio.ts'
import { followSession, type SessionFeed } from './session-feed.ts'
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
}>

/** The call of one agent in this window: one at a time, and the last one stays to be read until the next begins. */
export function createCallController({ studio, agent_id, origin, carried }: Deps): CallController {
  const store = createStore<CallState>(() => ({ phase: 'idle', input: 'microphone', typed: '' }))
  const set = store.setState

  const fail = (cause: unknown) => set({ failure: toStudioError(cause) })

  const openAudio = (session_id: SessionId, path: string, { microphone_id, speaker_id }: Devices) => {
    const audio = openCallAudio({
      url: mediaUrl(origin, path),
      onProblem: ({ message, hint }) => void studio.call('session.report', { session_id, message, hint }).catch(fail),
    })
    if (store.getState().input === 'microphone') void audio.openMicrophone(microphone_id)
    // A speaker that is gone is no reason to be silent: the default one plays.
    if (speaker_id !== undefined) audio.setSpeaker(speaker_id).catch(() => undefined)
    return audio
  }

  const release = () => {
    const { feed, audio, session } = store.getState()
    feed?.close()
    audio?.close()
    if (session) carried.remove(session.session_id)
  }

  const ended = (session: SessionSummary) => {
    const { phase, audio } = store.getState()
    if (phase === 'ended' || phase === 'idle') return
    audio?.close()
    carried.remove(session.session_id)
    set({ phase: 'ended', audio: undefined, session })
  }

  const follow = (session: SessionSummary): SessionFeed => {
    const feed = followSession(studio, session.session_id)
    let told = false
    feed.store.subscribe((view) => {
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
  const begin = ({ session, media_path }: OutputOf<'session.start'>, devices: Devices) => {
    const audio = session.modality === 'voice' ? openAudio(session.session_id, media_path, devices) : undefined
    carried.add(session.session_id)
    set({ phase: 'live', session, feed: follow(session), audio })
  }

  return {
    store,
    async start({ input, variables, script, what_if = {}, ...devices }) {
      const { phase } = store.getState()
      if (phase === 'starting' || phase === 'live' || phase === 'stopping') return
      release()
      set({ phase: 'starting', input, session: undefined, feed: undefined, audio: undefined, failure: undefined })
      try {
        const modality = input === 'microphone' ? 'voice' : 'text'
        begin(await studio.call('session.start', { agent_id, modality, variables, script: [...script], what_if }), devices)
      } catch (cause) {
        set({ phase: 'idle' })
        fail(cause)
      }
    },
    attach(session, withAudio, devices) {
      const before = store.getState()
      const same = before.session?.session_id === session.session_id
      if (before.phase === 'live' && same && (before.audio !== undefined || !withAudio)) return
      if (!same) release()
      if (withAudio) carried.add(session.session_id)
      const input = session.modality === 'voice' ? 'microphone' : 'text'
      set({ phase: 'live', input, session, failure: undefined, feed: same && before.feed ? before.feed : follow(session) })
      if (withAudio && session.modality === 'voice') {
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
      const { session, audio, phase } = store.getState()
      if (!session || phase !== 'live' || session.modality !== 'voice') return
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
      const { session, typed } = store.getState()
      const text = typed.trim()
      if (!session || text === '') return
      set({ typed: '', failure: undefined })
      try {
        await studio.call('session.say', { session_id: session.session_id, text })
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
      set({ phase: 'idle', session: undefined, feed: undefined, audio: undefined, failure: undefined })
    },
    changed(session) {
      if (store.getState().session?.session_id !== session.session_id) return
      set({ session })
      if (session.state === 'ended') ended(session)
    },
  }
}
