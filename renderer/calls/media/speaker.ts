import { DOWN_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { audibleIn } from './audible-in.ts'
import { resumeOnGesture } from './resume-on-gesture.ts'
import playbackUrl from './playback-worklet.ts?worker&url'
import type { FromPlayback, ToPlayback } from './playback-messages.ts'

export type Speaker = Readonly<{
  play: (message: Exclude<ToPlayback, { type: 'stop' }>) => void
  resume: () => Promise<void>
  /** False where the engine cannot choose an output. */
  setDevice: (device_id: string) => Promise<boolean>
  close: () => void
}>

export type SpeakerOptions = Readonly<{
  /** `at`: page clock, ms, when the sample is audible. */
  onStarted: (segment: number, at: number) => void
  onFinished: (segment: number, position_ms: number, interrupted: boolean) => void
  onLevel: (level: number) => void
  onBlocked: (blocked: boolean) => void
}>

/** A context that may start has started by then; one that has not waits for the page to be touched. */
const STARTS_WITHIN_MS = 600

/** Plays what the session sends, 24 kHz, through a ring buffer on the audio thread. */
export async function openSpeaker(options: SpeakerOptions): Promise<Speaker> {
  const context = new AudioContext({ sampleRate: DOWN_SAMPLE_RATE, latencyHint: 'interactive' })
  await context.audioWorklet.addModule(playbackUrl)
  const node = new AudioWorkletNode(context, 'greenroom-playback', { numberOfInputs: 0, outputChannelCount: [1] })
  node.connect(context.destination)
  node.port.onmessage = ({ data }: MessageEvent<FromPlayback>) => {
    switch (data.type) {
      case 'started':
        return options.onStarted(data.segment, audibleIn(context, data.sample_time))
      case 'finished':
        return options.onFinished(data.segment, data.position_ms, data.interrupted)
      case 'level':
        return options.onLevel(data.level)
    }
  }
  const post = (message: ToPlayback) => node.port.postMessage(message, message.type === 'audio' ? [message.pcm.buffer] : [])
  const stopWaiting = resumeOnGesture(context)
  const tellBlocked = () => options.onBlocked(context.state === 'suspended')
  context.addEventListener('statechange', tellBlocked)
  void context.resume()
  setTimeout(tellBlocked, STARTS_WITHIN_MS)
  return {
    play: post,
    resume: () => context.resume(),
    setDevice: async (device_id) => {
      if (!canChooseOutput(context)) return false
      await context.setSinkId(device_id)
      return true
    },
    close: () => {
      stopWaiting()
      context.removeEventListener('statechange', tellBlocked)
      post({ type: 'stop' })
      void context.close()
    },
  }
}

/** Engines before Chromium 110 play to the system's default only. */
const canChooseOutput = (context: AudioContext): context is AudioContext & { setSinkId: (device_id: string) => Promise<void> } =>
  'setSinkId' in context
