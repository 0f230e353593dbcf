import type { CallCard } from '../cards/call-cards.ts'
import { linkWords, type RoomState } from './room-state.ts'

/** What is wrong with the room right now, and what happens next. */
export function roomCards(state: RoomState | undefined): readonly CallCard[] {
  if (!state) return []
  const words = linkWords(state)
  if (words) {
    const replaced = state.link === 'replaced'
    return [
      {
        id: `room-${state.link}-${state.since}`,
        tone: replaced ? 'info' : 'warn',
        ...words,
        actions: replaced ? ['take_sound'] : [],
      },
    ]
  }
  if (state.link === 'left' && state.problem !== undefined)
    return [
      {
        id: `room-left-${state.since}`,
        tone: 'info',
        title: 'This window left the room',
        text: state.problem,
        actions: [],
      },
    ]
  return []
}
