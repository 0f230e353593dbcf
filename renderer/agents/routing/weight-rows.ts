import type { RouteArm, RouteWeights } from '../../../core/contract/index.ts'

export type ArmShare = Readonly<{ agent_id: string; share: number; answers: boolean }>

/** What each arm really gets: an agent that is missing or disabled leaves its part to the others. */
export function armShares(arms: readonly RouteArm[], answers: (agent_id: string) => boolean): readonly ArmShare[] {
  const total = arms.reduce((sum, { agent_id, weight }) => sum + (answers(agent_id) ? weight : 0), 0)
  return arms.map(({ agent_id, weight }) => {
    const can = answers(agent_id)
    return { agent_id, answers: can, share: can && total > 0 ? weight / total : 0 }
  })
}

export const isSameWeights = (a: RouteWeights, b: RouteWeights): boolean => JSON.stringify(a) === JSON.stringify(b)
