import { audibleIn } from '../media/audible-in.ts'
import { resumeOnGesture } from '../media/resume-on-gesture.ts'
import type { FromHeard } from './heard-messages.ts'
import heardUrl from './heard-worklet.ts?worker&url'

export type AgentEar = Readonly<{
  /** The agent's track, or none any more. It has to be attached to an element as well, or it gives no samples. */
  listen: (track: MediaStreamTrack | undefined) => void
  close: () => void
}>

type Options = Readonly<{ onHeard: (at: number) => void; onLevel: (level: number) => void }>

/** Hears along when the agent begins to speak: the moment of the first audible sample (t6) on the page's clock. */
export function openAgentEar({ onHeard, onLevel }: Options): AgentEar {
  const context = new AudioContext({ latencyHint: 'interactive' })
  const stopWaiting = resumeOnGesture(context)
  const ready = context.audioWorklet.addModule(heardUrl)
  let source: MediaStreamAudioSourceNode | undefined
  let node: AudioWorkletNode | undefined
  let round = 0
  const unplug = () => {
    node?.port.postMessage('stop')
    source?.disconnect()
    node?.disconnect()
    source = undefined
    node = undefined
    onLevel(0)
  }
  const plug = (track: MediaStreamTrack) => {
    source = context.createMediaStreamSource(new MediaStream([track]))
    node = new AudioWorkletNode(context, 'greenroom-heard', { channelCount: 1, channelCountMode: 'explicit' })
    node.port.onmessage = ({ data }: MessageEvent<FromHeard>) => {
      if (data.type === 'level') onLevel(data.level)
      else onHeard(audibleIn(context, data.sample_time))
    }
    source.connect(node).connect(context.destination) // silence; without a path to the output nothing would be pulled
    void context.resume()
  }
  return {
    listen(track) {
      const turn = ++round
      unplug()
      if (!track) return
      void ready.then(
        () => turn === round && plug(track),
        () => undefined, // without the worklet the call goes on; only the moment of the first sample stays unknown
      )
    },
    close() {
      round += 1
      unplug()
      stopWaiting()
      void context.close()
    },
  }
}
