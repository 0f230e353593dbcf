import type { CostPart } from '../contract/session-events.ts'
import type { TurnView } from '../session/session-view.ts'
import { addUsage } from './add-usage.ts'
import { keyOf } from './cost-part.ts'

/** What a call, or some of its turns, has cost so far. */
export type CallCost = Readonly<{
  /** Of each provider and model; `price` is the newest that was paid. */
  parts: readonly CostPart[]
  /** The sum of what is known; absent when nothing is. */
  nano_usd?: number
  /** Something was used whose price is not known: the call cost more than the sum. */
  incomplete: boolean
}>

/** The sum of the turns' own costs, each at the price of its time. */
export function costOf({ turns }: Readonly<{ turns: readonly Pick<TurnView, 'cost'>[] }>): CallCost {
  const sums = new Map<string, CostPart>()
  for (const part of turns.flatMap(({ cost = [] }) => cost)) {
    const sum = sums.get(keyOf(part))
    sums.set(keyOf(part), sum ? added(sum, part) : part)
  }
  const parts = [...sums.values()]
  const known = parts.flatMap(({ nano_usd }) => nano_usd ?? [])
  const incomplete = turns.some(({ cost = [] }) => cost.some(({ nano_usd }) => nano_usd === undefined))
  return { parts, ...(known.length > 0 && { nano_usd: known.reduce((sum, one) => sum + one, 0) }), incomplete }
}

function added(sum: CostPart, part: CostPart): CostPart {
  const known = [sum.nano_usd, part.nano_usd].filter((one) => one !== undefined)
  return {
    ...sum,
    ...part,
    usage: addUsage(sum.usage, part.usage),
    ...(known.length > 0 && { nano_usd: known.reduce((total, one) => total + one, 0) }),
    ...((sum.estimated ?? part.estimated) && { estimated: true }),
  }
}
