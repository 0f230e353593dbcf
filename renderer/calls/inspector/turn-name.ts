import type { TurnView } from '../../../core/session/session-view.ts'

/** How a turn is called wherever it is named. */
export const turnName = ({ source, index }: Pick<TurnView, 'source' | 'index'>): string =>
  source === 'greeting' ? 'Greeting' : `Turn ${index}`
