import type { RouteArm, RouteWeights } from '../../../core/contract/index.ts'
import { draftOf, readBounds, type BoundsDraft } from '../releases/bounds-draft.ts'

export type ArmShare = Readonly<{ agent_id: string; share: number; answers: boolean }>

/** What each arm really gets: an agent that is missing or disabled leaves its part to the others. */
export function armShares(arms: readonly RouteArm[], answers: (agent_id: string) => boolean): readonly ArmShare[] {
  const total = arms.reduce((sum, { agent_id, weight }) => sum + (answers(agent_id) ? weight : 0), 0)
  return arms.map(({ agent_id, weight }) => {
    const can = answers(agent_id)
    return { agent_id, answers: can, share: can && total > 0 ? weight / total : 0 }
  })
}

/** What is edited; without `bounds` no agent stops by itself. */
export type WeightsDraft = Readonly<{ experiment: string; arms: readonly RouteArm[]; bounds?: BoundsDraft }>

export const draftOfWeights = ({ experiment, arms, bounds }: RouteWeights): WeightsDraft => ({
  ...{ experiment, arms },
  ...(bounds && { bounds: draftOf(bounds) }),
})

/** What is set; undefined while a bound is none. */
export function readWeights({ experiment, arms, bounds: typed }: WeightsDraft) {
  const bounds = typed && readBounds(typed)
  if (typed && !bounds) return undefined
  return { experiment: experiment.trim() || 'default', arms: [...arms], ...(bounds && { bounds }) }
}

/** Why an agent has no weight; also of one that is given some again, which is not set yet. */
export const stopOf = ({ stopped = [] }: RouteWeights, agent_id: string) =>
  stopped.find((one) => one.agent_id.toLowerCase() === agent_id.toLowerCase())

/** What was answered to whoever set them, until it is read as well. */
export const latestWeights = (read: RouteWeights, answered: RouteWeights | undefined): RouteWeights =>
  answered && (answered.changed_at ?? 0) > (read.changed_at ?? 0) ? answered : read

export const isSameWeights = (a: WeightsDraft, b: WeightsDraft): boolean => JSON.stringify(a) === JSON.stringify(b)
