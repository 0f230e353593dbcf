import { createStore, type StoreApi } from 'zustand/vanilla'
import { openMediaLink, type LinkState, type MediaLink } from './media-link.ts'
import { openMicrophone, type Microphone } from './microphone.ts'
import type { MicrophoneProblem } from './microphone-problem.ts'
import { openSpeaker, type Speaker } from './speaker.ts'
import type { ClockReading } from './page-clock.ts'

export type AudioState = Readonly<{
  /** How sound comes here: the socket of a direct call, or a LiveKit room. */
  by: 'socket' | 'room'
  link: LinkState
  microphone: 'off' | 'asking' | 'on' | 'failed'
  microphone_label?: string | undefined
  problem?: MicrophoneProblem | undefined
  muted: boolean
  /** The browser holds the agent's voice back until the page is touched. */
  blocked: boolean
  speaker_problem?: string | undefined
  clock?: ClockReading | undefined
}>

/** 0…1, changed many times a second: read by the meters, never by React's state. */
export type AudioLevels = { input: number; output: number }

export type CallAudio = Readonly<{
  store: StoreApi<AudioState>
  levels: Readonly<AudioLevels>
  openMicrophone: (device_id: string | undefined) => Promise<void>
  closeMicrophone: () => void
  setMuted: (muted: boolean) => void
  setSpeaker: (device_id: string) => Promise<void>
  resume: () => void
  close: () => void
}>

export type CallAudioOptions = Readonly<{
  url: string
  /** Told once for each problem, so that the call's journal has it too. */
  onProblem: (problem: MicrophoneProblem) => void
}>

/** The sound of one direct call in this window: microphone up, agent's voice down, over one socket. */
export function openCallAudio({ url, onProblem }: CallAudioOptions): CallAudio {
  const store = createStore<AudioState>(() => ({
    by: 'socket',
    link: 'connecting',
    microphone: 'off',
    muted: false,
    blocked: false,
  }))
  const levels: AudioLevels = { input: 0, output: 0 }
  const set = store.setState
  let microphone: Microphone | undefined
  let asked = 0
  let closed = false

  const failed = (problem: MicrophoneProblem) => {
    microphone?.close()
    microphone = undefined
    levels.input = 0
    set({ microphone: 'failed', problem })
    onProblem(problem)
  }

  const speaker = openSpeaker({
    onStarted: (segment, at) => link.send({ type: 'started', segment, at }),
    onFinished: (segment, position_ms, interrupted) => link.send({ type: 'finished', segment, position_ms, interrupted }),
    onLevel: (level) => {
      levels.output = level
    },
    onBlocked: (blocked) => set({ blocked }),
  })
  speaker.catch((cause: unknown) => set({ speaker_problem: cause instanceof Error ? cause.message : String(cause) }))
  const withSpeaker = (use: (open: Speaker) => void) => void speaker.then(use, () => undefined)

  const link: MediaLink = openMediaLink({
    url,
    onFrame: (frame) => withSpeaker((open) => open.play(frame)),
    onClock: (clock) => set({ clock }),
    onState: (state) => {
      set({ link: state })
      if (state === 'open') link.send({ type: 'mute', muted: store.getState().muted })
      if (state === 'reconnecting') withSpeaker((open) => open.play({ type: 'reset' }))
    },
  })

  return {
    store,
    levels,
    async openMicrophone(device_id) {
      const turn = ++asked
      microphone?.close()
      microphone = undefined
      set({ microphone: 'asking', problem: undefined })
      const result = await openMicrophone({
        device_id,
        onFrame: (frame, level) => {
          levels.input = store.getState().muted ? 0 : level
          link.sendAudio(frame)
        },
        onGone: failed,
      })
      if (turn !== asked || closed) return result.ok ? result.microphone.close() : undefined
      if (!result.ok) return failed(result.problem)
      microphone = result.microphone
      microphone.setMuted(store.getState().muted)
      set({ microphone: 'on', microphone_label: microphone.label })
    },
    closeMicrophone() {
      asked += 1
      microphone?.close()
      microphone = undefined
      levels.input = 0
      set({ microphone: 'off', problem: undefined })
    },
    setMuted(muted) {
      microphone?.setMuted(muted)
      set({ muted })
      link.send({ type: 'mute', muted })
    },
    async setSpeaker(device_id) {
      const open = await speaker
      await open.setDevice(device_id)
    },
    resume: () => withSpeaker((open) => void open.resume()),
    close() {
      closed = true
      asked += 1
      microphone?.close()
      link.close()
      withSpeaker((open) => open.close())
      levels.input = 0
      levels.output = 0
    },
  }
}
