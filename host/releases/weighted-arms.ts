import { AgentId } from '../../core/contract/ids.ts'
import { RouteWeights } from '../../core/contract/routing.ts'
import type { OutputOf, ParsedInputOf } from '../../core/contract/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { ReleaseDeps } from './release-deps.ts'
import { experimentId } from './version-for.ts'

const MONTH_MS = 30 * 24 * 60 * 60 * 1000

/** How the agents of an experiment do; one that had no calls yet is shown with none. */
export async function weightedArms(
  { store, calls, clock }: ReleaseDeps,
  scope: TenantScope,
  { experiment: asked, since = clock() - MONTH_MS }: ParsedInputOf<'route.arms'>,
): Promise<OutputOf<'route.arms'>> {
  const weights = (await store.routing.weights(scope)) ?? RouteWeights.parse({ arms: [] })
  const experiment = asked ?? weights.experiment
  const stats = await calls.armStats(scope, experimentId(experiment), since)
  const present = experiment === weights.experiment ? weights.arms : []
  const known = new Map(present.map(({ agent_id, weight }) => [agent_id.toLowerCase(), { agent_id, weight }]))
  const none = { sessions: 0, turns: 0, error_rate: 0 }
  const had = stats.flatMap(({ version, ...arm }) => {
    const agent_id = AgentId.safeParse(version).data
    return agent_id ? [{ ...arm, agent_id, weight: known.get(version.toLowerCase())?.weight ?? 0 }] : []
  })
  const seen = new Set(had.map(({ agent_id }) => agent_id.toLowerCase()))
  const fresh = present.filter(({ agent_id }) => !seen.has(agent_id.toLowerCase())).map((arm) => ({ ...none, ...arm }))
  return { experiment, arms: [...had, ...fresh].sort((a, b) => b.weight - a.weight) }
}
