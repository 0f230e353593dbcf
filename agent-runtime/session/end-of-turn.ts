import { inference, type AgentSessionOptions } from '@livekit/agents'
import localInference from '@livekit/local-inference'
import * as z from 'zod'
import type { AgentDocument } from '../../core/agent/document.ts'

type TurnSettings = AgentDocument['turn_config']
export type TurnDetection = NonNullable<NonNullable<AgentSessionOptions['turnHandling']>['turnDetection']>
export type EndOfTurn = Readonly<{ detectionFor: (settings: TurnSettings) => TurnDetection }>

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
  const executor = {
    async doInference(_method: string, data: unknown) {
      const bytes = Buffer.from(Question.parse(data).pcm, 'base64')
      const pcm = new Int16Array(bytes.byteLength >> 1)
      new Uint8Array(pcm.buffer).set(bytes.subarray(0, pcm.byteLength))
      const began = performance.now()
      return { probability: await localInference.predict(pcm), inferenceDurationMs: performance.now() - began }
    },
  }
  return {
    detectionFor({ turn_detection }) {
      if (turn_detection !== 'eot') return turn_detection
      load()
      return new inference.TurnDetector({ version: 'v1-mini', executor })
    },
  }
}
