import { UP_FRAME_SAMPLES, UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import captureUrl from './capture-worklet.ts?worker&url'
import { resumeOnGesture } from './resume-on-gesture.ts'
import { microphoneGone, microphoneInsecure, microphoneProblem, type MicrophoneProblem } from './microphone-problem.ts'

export type Microphone = Readonly<{ label: string; device_id: string; setMuted: (muted: boolean) => void; close: () => void }>
export type MicrophoneResult = Readonly<{ ok: true; microphone: Microphone } | { ok: false; problem: MicrophoneProblem }>

export type MicrophoneOptions = Readonly<{
  /** Absent or not connected any more: the system's default. */
  device_id?: string | undefined
  onFrame: (frame: ArrayBuffer, level: number) => void
  /** The device was unplugged or taken away. */
  onGone: (problem: MicrophoneProblem) => void
}>

/** Opens the microphone with echo cancellation and gives PCM16 frames of 20 ms at 16 kHz, cut on the audio thread. */
export async function openMicrophone(options: MicrophoneOptions): Promise<MicrophoneResult> {
  // Typed as always there, but absent where the page is not on a trustworthy address.
  const devices: MediaDevices | undefined = navigator.mediaDevices
  if (!devices) return { ok: false, problem: microphoneInsecure }
  let stream: MediaStream | undefined
  let context: AudioContext | undefined
  try {
    stream = await askForMicrophone(devices, options.device_id)
    context = contextFor(stream)
    await context.audioWorklet.addModule(captureUrl)
    const track = stream.getAudioTracks()[0]
    if (!track) throw new DOMException('no audio track', 'NotFoundError')
    return { ok: true, microphone: connect(stream, track, context, options) }
  } catch (cause) {
    stream?.getTracks().forEach((track) => track.stop())
    void context?.close()
    return { ok: false, problem: microphoneProblem(cause) }
  }
}

/** With echo cancellation; a remembered device that is not connected today gives way to any other. */
export async function askForMicrophone(devices: MediaDevices, device_id: string | undefined): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
  if (device_id === undefined) return devices.getUserMedia({ audio })
  try {
    return await devices.getUserMedia({ audio: { ...audio, deviceId: { exact: device_id } } })
  } catch (cause) {
    // The remembered device is not there today: any microphone is better than none.
    if (cause instanceof Error && cause.name === 'OverconstrainedError') return devices.getUserMedia({ audio })
    throw cause
  }
}

/** Some engines refuse a context whose rate differs from the microphone's; there the worklet resamples. */
function contextFor(stream: MediaStream): AudioContext {
  const context = new AudioContext({ sampleRate: UP_SAMPLE_RATE, latencyHint: 'interactive' })
  try {
    context.createMediaStreamSource(stream).disconnect()
    return context
  } catch {
    void context.close()
    return new AudioContext({ latencyHint: 'interactive' })
  }
}

function connect(stream: MediaStream, track: MediaStreamTrack, context: AudioContext, options: MicrophoneOptions): Microphone {
  const source = context.createMediaStreamSource(stream)
  const node = new AudioWorkletNode(context, 'greenroom-capture', {
    channelCount: 1,
    channelCountMode: 'explicit',
    processorOptions: { to: UP_SAMPLE_RATE, frameSamples: UP_FRAME_SAMPLES },
  })
  node.port.onmessage = ({ data }: MessageEvent<{ frame: ArrayBuffer; level: number }>) => options.onFrame(data.frame, data.level)
  source.connect(node).connect(context.destination) // the node's output is silence; without a path to it nothing would be pulled
  const stopWaiting = resumeOnGesture(context)
  void context.resume()
  let closed = false
  track.onended = () => !closed && options.onGone(microphoneGone)
  return {
    label: track.label,
    device_id: track.getSettings().deviceId ?? '',
    // A disabled track goes on as silence, so that speech which was under way ends for the listener.
    setMuted: (muted) => {
      track.enabled = !muted
    },
    close: () => {
      closed = true
      stopWaiting()
      node.port.postMessage('stop')
      stream.getTracks().forEach((each) => each.stop())
      void context.close()
    },
  }
}
