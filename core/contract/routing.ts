import * as z from 'zod'
import { RouteDecision } from '../routing/decision.ts'
import { RouteRequest } from '../routing/route-request.ts'
import { AgentId, Millis, TenantId } from './ids.ts'
import { operation } from './operation.ts'
import { ArmStats, ReleaseBounds } from './releases.ts'

/** A share of callers, sticky by `user_id`. Weights need not add up to anything; 0 takes nobody. */
export const RouteArm = z.object({ agent_id: AgentId, weight: z.number().min(0).max(1_000_000) })
export type RouteArm = Readonly<z.infer<typeof RouteArm>>

/** With the weight that it had. `reason`: in plain words. */
const StoppedArm = RouteArm.extend({ reason: z.string(), at: Millis })

/** State of a tenant, beside the documents. */
export const RouteWeights = z.object({
  /** Other names give the same users other arms. */
  experiment: z.string().min(1).max(100).default('default'),
  arms: z.array(RouteArm).max(100),
  /** An arm that is past one of these gets the weight 0 while another one is within them; absent: nothing stops by itself. */
  bounds: ReleaseBounds.optional(),
  /** When somebody set these weights; only calls since then are judged. */
  changed_at: Millis.optional(),
  /** Arms that stopped by themselves and have no weight since. */
  stopped: z.array(StoppedArm).max(100).optional(),
})
export type RouteWeights = Readonly<z.output<typeof RouteWeights>>

/** How an agent does with the callers that the weights gave it; of those that have no weight any more it is 0. */
export const WeightedArmStats = ArmStats.omit({ version: true }).extend({ agent_id: AgentId, weight: z.number() })
export type WeightedArmStats = Readonly<z.infer<typeof WeightedArmStats>>

/** What the routing knows of an agent. */
export const RoutedAgent = z.object({
  agent_id: AgentId,
  name: z.string(),
  enabled: z.boolean(),
  is_default: z.boolean(),
  agent_type: z.string(),
  purposes: z.array(z.string()),
  has_attributes: z.boolean(),
  has_hours: z.boolean(),
  dispatch_by_name: z.boolean(),
})
export type RoutedAgent = Readonly<z.infer<typeof RoutedAgent>>

export const routingOperations = {
  'route.decide': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Which agent would answer a caller, by which rule, and why the others do not match',
    /** `at`: as if it were then, ms; absent: now. `caller_may_write`: its token lets the caller change its own metadata. `draft`: as if this agent's `routing` were saved like that. */
    input: RouteRequest.extend({
      at: Millis.optional(),
      caller_may_write: z.boolean().default(false),
      draft: z.object({ agent_id: AgentId, routing: z.json() }).optional(),
    }),
    output: RouteDecision,
  }),
  'route.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'The A/B weights, and what each agent is routed by',
    rest: { method: 'GET', path: '/api/v1/routing' },
    input: z.object({}),
    /** `shared_purposes`: more than one enabled agent has them; the first answers. */
    output: z.object({
      weights: RouteWeights,
      agents: z.array(RoutedAgent),
      shared_purposes: z.array(z.object({ purpose: z.string(), agent_ids: z.array(AgentId) })),
    }),
  }),
  'route.set_weights': operation({
    kind: 'command',
    role: 'developer',
    audit: 'routing',
    idempotent: true,
    summary: 'Change the A/B weights; calls that run stay where they are',
    rest: { method: 'PUT', path: '/api/v1/routing/weights' },
    input: RouteWeights.pick({ experiment: true, arms: true, bounds: true }),
    output: RouteWeights,
  }),
  'route.arms': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'How the agents of the A/B weights do: calls that the weights gave them, since a time',
    rest: { method: 'GET', path: '/api/v1/routing/arms' },
    /** `experiment`: absent, the present one. `since`: ms; absent, the last 30 days. */
    input: z.object({ experiment: z.string().min(1).max(100).optional(), since: Millis.optional() }),
    output: z.object({ experiment: z.string(), arms: z.array(WeightedArmStats) }),
  }),
} as const

/** Ask `route.get` again; without a tenant: of all of them. */
export const RoutingEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('route.changed'), tenant_id: TenantId.optional() }),
])
