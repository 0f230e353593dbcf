import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { RouteWeights } from '../../core/contract/routing.ts'
import { weightsVerdict, withoutArm, type BadArm } from '../../core/routing/weights-verdict.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { ReleaseDeps } from './release-deps.ts'
import { experimentId } from './version-for.ts'

/**
 * Takes the weight of an agent that is past the bounds of the A/B weights, while another one is known to be within them: when a provider is
 * away and all are bad, moving callers helps nobody. What somebody, or another instance, changed in between is left as it is.
 */
export function createWeightsJudge(deps: ReleaseDeps & Readonly<{ log: Logger }>): (scope: TenantScope) => Promise<void> {
  const { store, calls, emit, clock, log } = deps
  /** Of which arms of a tenant it was said that they stay. */
  const said = new Map<string, string>()

  async function stop(scope: TenantScope, weights: RouteWeights, arm: BadArm): Promise<RouteWeights> {
    const { agent_id, weight, reason } = arm
    const { experiment } = weights
    const next = withoutArm(weights, arm, clock())
    const detail = { experiment, weight, reason }
    const audit = { action: 'route.stop_arm', subject: agent_id, detail }
    await store.commit(scope, [{ kind: 'route.weights', weights: next, based_on: weights }], audit)
    emit({ type: 'route.changed', tenant_id: scope.tenant_id })
    log.warn({ agent_id, experiment, reason }, 'an agent of the A/B weights was stopped')
    return next
  }

  function sayOnce({ tenant_id }: TenantScope, { experiment, changed_at }: RouteWeights, bad: readonly BadArm[]): void {
    const what = JSON.stringify([changed_at, ...bad.map(({ agent_id }) => agent_id)])
    if (said.get(tenant_id) === what) return
    said.set(tenant_id, what)
    const reasons = bad.map(({ reason }) => reason)
    log.warn(
      { tenant_id, experiment, reasons },
      'A/B weights are past their bounds, and no other agent does better: nobody is moved',
    )
  }

  return async (scope) => {
    const weights = await store.routing.weights(scope)
    if (!weights?.bounds || weights.changed_at === undefined) return
    const stats = await calls.armStats(scope, experimentId(weights.experiment), weights.changed_at)
    const { bad, good } = weightsVerdict(weights, stats)
    if (bad.length === 0) {
      said.delete(scope.tenant_id)
      return
    }
    const others = await Promise.all(good.map((agent_id) => store.agents.findSummary(scope, agent_id)))
    if (!others.some((agent) => agent?.enabled && agent.deleted_at === undefined)) return sayOnce(scope, weights, bad)
    try {
      let present = weights
      for (const arm of bad) present = await stop(scope, present, arm)
    } catch (cause) {
      if (!(cause instanceof StudioError) || cause.code !== 'conflict') throw cause
    }
  }
}
