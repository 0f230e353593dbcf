import type { RoutedAgent } from '../../../core/contract/index.ts'
import { foldName } from '../../../core/routing/route-book.ts'

export type SharedPurpose = Readonly<{ purpose: string; others: readonly string[]; first: string }>

/** Purposes that other enabled agents have as well; the first by id answers. */
export function sharedPurposes(
  agent_id: string,
  purposes: readonly string[],
  agents: readonly RoutedAgent[],
): readonly SharedPurpose[] {
  return purposes.flatMap((purpose) => {
    const others = agents.filter(
      (agent) =>
        agent.enabled && agent.agent_id !== agent_id && agent.purposes.some((one) => foldName(one) === foldName(purpose)),
    )
    if (others.length === 0) return []
    const first = [agent_id, ...others.map((other) => other.agent_id)].sort((a, b) => (a < b ? -1 : 1))[0] ?? agent_id
    return [{ purpose, others: others.map(({ name }) => name), first }]
  })
}
