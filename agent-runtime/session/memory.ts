import { llm } from '@livekit/agents'
import { TAKE_OVER_WORDS } from '../../core/session/take-over-words.ts'
import { turnIdOf } from './conversation.ts'
import type { Turn } from './turn.ts'

/** What the agent that answers now knows of what was said: an agent that took over may begin anew. */
export type Memory = Readonly<{
  /** From now on, nothing of this is known: messages by their ids, and turns that are not over, which still know it. */
  clear: (ids: readonly string[]) => void
  /** The part of the conversation that this turn's LLM sees. */
  of: (turn: Pick<Turn, 'turn_id' | 'source'>, history: readonly llm.ChatMessage[]) => readonly llm.ChatMessage[]
}>

export function createMemory(): Memory {
  /** In which stretch of the call something was said; what is not here belongs to the present one. */
  const stretches = new Map<string, number>()
  let present = 0

  const stretchOf = (...ids: readonly (string | undefined)[]) =>
    Math.min(...ids.map((id) => (id === undefined ? present : (stretches.get(id) ?? present))))
  return {
    clear(ids) {
      for (const id of ids) if (!stretches.has(id)) stretches.set(id, present)
      present += 1
    },
    of(turn, history) {
      const stretch = stretchOf(turn.turn_id)
      const known = history.filter((message) => stretchOf(message.id, turnIdOf(message)) === stretch)
      return spokenTo(turn.source, known)
    },
  }
}

/** Every LLM answers somebody: a reply that nobody asked for has to be asked for. */
function spokenTo(source: Turn['source'], known: readonly llm.ChatMessage[]): readonly llm.ChatMessage[] {
  if (source === 'handoff') return [...known, llm.ChatMessage.create({ role: 'user', content: TAKE_OVER_WORDS })]
  // The apology that was just said is not what the caller waits for.
  if (source === 'resume') return known.slice(0, known.findLastIndex(({ role }) => role === 'user') + 1)
  return known
}
