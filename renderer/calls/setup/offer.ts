import type { ModelSet } from '../../../core/contract/index.ts'
import { findProvider } from '../../../core/providers/index.ts'
import type { AnsweringPart } from './answering-parts.ts'

/** What a newcomer without keys is offered: the smallest set with which all is real, or, where it is here, to use it. */
export type Offer = Readonly<
  { kind: 'fetch'; set: ModelSet; /** A call can begin as things are. */ can_start: boolean } | { kind: 'use' }
>

const isUnreal = ({ kind, name, state }: AnsweringPart): boolean =>
  state === 'substitute' || (state === 'ready' && name === findProvider(kind, 'rehearsal')?.name)

export function offlineOffer(parts: readonly AnsweringPart[], sets: readonly ModelSet[]): Offer | undefined {
  const can_start = !parts.some(({ state }) => state === 'missing')
  if (can_start && !parts.some(isUnreal)) return undefined
  const starter = sets.find(({ set_id }) => set_id === 'starter')
  if (!starter) return undefined
  return starter.installed ? { kind: 'use' } : { kind: 'fetch', set: starter, can_start }
}
