import type { AgentId } from '../contract/ids.ts'
import type { ArmStats } from '../contract/releases.ts'
import type { RouteWeights } from '../contract/routing.ts'
import { armVerdict } from './release-verdict.ts'

/** An arm that has to stop, and why. */
export type BadArm = Readonly<{ agent_id: AgentId; weight: number; reason: string }>

/** `good`: whom callers can be given to; an arm that has answered too few calls is in neither. */
export type WeightsVerdict = Readonly<{ bad: readonly BadArm[]; good: readonly AgentId[] }>

/** Which of the arms with weight are past their bounds, by their calls since the weights were set. `version` of the figures names the agent. */
export function weightsVerdict({ arms, bounds }: RouteWeights, stats: readonly ArmStats[]): WeightsVerdict {
  const bad: BadArm[] = []
  const good: AgentId[] = []
  if (!bounds) return { bad, good }
  for (const { agent_id, weight } of arms) {
    const figures = weight > 0 ? stats.find(({ version }) => isSame(version, agent_id)) : undefined
    if (!figures || figures.sessions < bounds.min_sessions) continue
    const reason = armVerdict(agent_id, bounds, figures)
    if (reason === undefined) good.push(agent_id)
    else bad.push({ agent_id, weight, reason })
  }
  return { bad, good }
}

/** Its callers get the others; nobody else moves. */
export const withoutArm = (weights: RouteWeights, { agent_id, weight, reason }: BadArm, at: number): RouteWeights => ({
  ...weights,
  arms: weights.arms.map((arm) => (isSame(arm.agent_id, agent_id) ? { ...arm, weight: 0 } : arm)),
  stopped: [...(weights.stopped ?? []).filter((one) => !isSame(one.agent_id, agent_id)), { agent_id, weight, reason, at }],
})

/** What somebody sets, as it is kept: it is told of an arm that stopped as long as it gets no weight again. */
export function setWeights(
  set: Pick<RouteWeights, 'experiment' | 'arms' | 'bounds'>,
  before: RouteWeights | undefined,
  now: number,
): RouteWeights {
  const { experiment, arms, bounds } = set
  const isStill = (agent_id: string) => arms.some((arm) => isSame(arm.agent_id, agent_id) && arm.weight === 0)
  const stopped = before?.experiment === experiment ? (before.stopped ?? []).filter((one) => isStill(one.agent_id)) : []
  // Later than before, even within one millisecond: whoever swaps tells by it that somebody was first.
  const changed_at = Math.max(now, (before?.changed_at ?? 0) + 1)
  return { experiment, arms, ...(bounds && { bounds }), changed_at, ...(stopped.length > 0 && { stopped }) }
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
