import type { PastLine, SessionSpec } from '../../core/contract/runtime.ts'
import type { TurnConfig } from './config-cell.ts'
import { recoverySentence } from './recovery-sentence.ts'
import type { TurnSource } from './turn.ts'

/** Something that the agent says unasked; without `words` the LLM finds them. */
export type Unasked = Readonly<{ source: TurnSource; words?: string }>

/**
 * How the agent opens the call. A new one with its greeting. One that goes on in a room after its process died, or after the caller was cut
 * off, with one short apology, and then with the answer that the caller still waits for.
 */
export function openingOf({ history, attempt, room }: SessionSpec, { greeting, document }: TurnConfig): readonly Unasked[] {
  if (history.length === 0) return greeting === '' ? [] : [{ source: 'greeting', words: greeting }]
  const apology = room && attempt > 1 ? recoverySentence(document) : ''
  return [
    ...(apology === '' ? [] : [{ source: 'resume', words: apology } as const]),
    ...(isUnanswered(history.at(-1)) ? [{ source: 'resume' } as const] : []),
  ]
}

/** The first words of an agent that took over: its greeting for one that begins anew, otherwise what fits what was said. */
export const takeOverOf = (history: 'keep' | 'clear' | undefined, { greeting }: TurnConfig): Unasked =>
  history === 'clear' && greeting !== '' ? { source: 'handoff', words: greeting } : { source: 'handoff' }

/** An answer that only called tools was never heard. */
const isUnanswered = (last: PastLine | undefined): boolean => last?.role === 'user' || last?.text === ''
