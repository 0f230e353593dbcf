import { inference, type AgentSessionOptions } from '@livekit/agents'
import localInference from '@livekit/local-inference'
import * as z from 'zod'
import type { AgentDocument } from '../../core/agent/document.ts'

type TurnSettings = AgentDocument['turn_config']
export type TurnDetection = NonNullable<NonNullable<AgentSessionOptions['turnHandling']>['turnDetection']>
export type EndOfTurn = Readonly<{
  /** For a call; `settings` are asked each time the caller pauses. */
  detectionFor: (settings: () => TurnSettings) => TurnDetection
}>

/**
 * What a running session is told when its settings change; null: its detector goes on. Never a detector: given one, the library (1.9.0)
 * waits for it to end the turn, does not start it, and no answer ever comes.
 */
export const detectionMode = ({ turn_detection }: TurnSettings): 'vad' | 'manual' | null =>
  turn_detection === 'eot' ? null : turn_detection

const Question = z.object({ pcm: z.string() })

/**
 * Decides when the caller's turn is over. LiveKit's end-of-turn model costs 300 MB and a quarter of a second once per process:
 * it is loaded when the first document asks for `eot`, and runs here instead of in a process of its own.
 */
export function createEndOfTurn(): EndOfTurn {
  let loaded = false

  const load = () => {
    if (loaded) return
    localInference.initEot()
    loaded = true
  }
  const executorFor = (settings: () => TurnSettings) => ({
    async doInference(_method: string, data: unknown) {
      // The detector stays when the call is changed to end turns at silence alone.
      if (settings().turn_detection !== 'eot') return { probability: 1, inferenceDurationMs: 0 }
      const bytes = Buffer.from(Question.parse(data).pcm, 'base64')
      const pcm = new Int16Array(bytes.byteLength >> 1)
      new Uint8Array(pcm.buffer).set(bytes.subarray(0, pcm.byteLength))
      const began = performance.now()
      return { probability: await localInference.predict(pcm), inferenceDurationMs: performance.now() - began }
    },
  })
  return {
    detectionFor(settings) {
      const { turn_detection } = settings()
      if (turn_detection !== 'eot') return turn_detection
      load()
      return new inference.TurnDetector({ version: 'v1-mini', executor: executorFor(settings) })
    },
  }
}
