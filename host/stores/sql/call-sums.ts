import type { CostPart } from '../../../core/contract/session-events.ts'

/** Characters of the caller's first words that a list shows. */
const PREVIEW_LENGTH = 160

export const previewOf = (text: string): string => text.slice(0, PREVIEW_LENGTH)

/** What a provider of unknown price did counts for nothing; a call of such providers alone has no cost to tell (`None`). */
export function addCost<None extends null | undefined>(before: number | None, cost: readonly CostPart[] = []): number | None {
  const known = cost.flatMap(({ nano_usd }) => nano_usd ?? [])
  return known.length === 0 ? before : known.reduce((sum, nano_usd) => sum + nano_usd, before ?? 0)
}
