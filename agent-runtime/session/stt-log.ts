import type { Metered } from '../../core/cost/cost-part.ts'
import type { Fallback } from '../providers/fallback/chain.ts'
import type { SttTold } from '../providers/fallback/fallback-transcriber.ts'
import type { Turn } from './turn.ts'

/** Who heard what since the last turn; the next turn that answers something heard keeps it. */
export type SttLog = SttTold & Readonly<{ giveTo: (turn: Turn) => void }>

export function createSttLog(): SttLog {
  const parts: Metered[] = []
  const fallbacks: Fallback[] = []
  return {
    used: (part) => void parts.push(part),
    fellBack: (fallback) => void fallbacks.push(fallback),
    giveTo(turn) {
      for (const part of parts.splice(0)) turn.meter(part)
      for (const fallback of fallbacks.splice(0)) turn.fellBack(fallback)
    },
  }
}
