import type { Turn } from './turn.ts'
import type { Heard } from './utterances.ts'

/** What was heard of the caller and stands in no turn yet. */
export type Hearing = Readonly<{
  add: (heard: Heard) => void
  onAudio: (ms: number) => void
  /** Whether somebody has spoken since the last turn. */
  any: () => boolean
  /** The session's library makes a turn of these words. False when a typed line has taken them already. */
  claim: (text: string) => boolean
  /** Everything, for the turn that a typed line makes of it. */
  take: () => Heard[]
  /** Gives a turn the times of what it answers. */
  timesOf: (turn: Turn, heard?: Heard) => void
}>

export function createHearing(): Hearing {
  const unclaimed: Heard[] = []
  let newest: Heard | undefined
  let audio_ms = 0
  return {
    add(heard) {
      unclaimed.push(heard)
      newest = heard
    },
    onAudio: (ms) => void (audio_ms += ms),
    any: () => audio_ms > 0,
    claim(text) {
      if (unclaimed.length === 0) return false
      const words: string[] = []
      // What came after the library had closed the turn belongs to the next one.
      const last = unclaimed.findIndex((heard) => words.push(heard.text) > 0 && words.join(' ') === text.trim())
      const claimed = unclaimed.splice(0, last < 0 ? unclaimed.length : last + 1)
      newest = claimed.at(-1)
      return true
    },
    take: () => unclaimed.splice(0),
    timesOf(turn, heard = newest) {
      if (heard) {
        turn.mark('t0', heard.ended)
        turn.mark('t1', heard.known)
      }
      turn.heardFor(Math.round(audio_ms))
      newest = undefined
      audio_ms = 0
    },
  }
}
