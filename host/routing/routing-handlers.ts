import type { AgentId } from '../../core/contract/ids.ts'
import type { RoutedAgent } from '../../core/contract/routing.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { ROUTE_SOURCES } from '../../core/routing/decision.ts'
import { SIGNED_SOURCES } from '../../core/routing/decide-route.ts'
import type { RoutableAgent, RouteBook } from '../../core/routing/route-book.ts'
import { setWeights } from '../../core/routing/weights-verdict.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import type { Routing } from './routing.ts'

type Operation = 'route.decide' | 'route.get' | 'route.set_weights'
export type RoutingHandlerDeps = Readonly<{
  routing: Routing
  store: Pick<Store, 'commit' | 'routing'>
  emit: Emit
  clock: () => number
}>

export const routingHandlers = ({ routing, store, emit, clock }: RoutingHandlerDeps): HandlersOf<Operation> => ({
  'route.decide': ({ at, caller_may_write, draft, ...request }, { caller }) => {
    const trusted = caller_may_write ? SIGNED_SOURCES : ROUTE_SOURCES
    return routing.decide(caller, request, { trusted, ...(at !== undefined && { at }), ...(draft && { draft }) })
  },
  'route.get': async (_, { caller }) => {
    const { book, weights } = await routing.snapshot(caller)
    return {
      weights,
      agents: book.agents.map(toRouted),
      shared_purposes: sharedPurposes(book),
    }
  },
  'route.set_weights': async (set, { caller }) => {
    const { experiment, arms, bounds } = set
    const twice = arms.find(({ agent_id }, index) => arms.findIndex((arm) => isSame(arm, agent_id)) !== index)
    if (twice)
      throw new StudioError('malformed', `"${twice.agent_id}" has two weights.`, 'Give each agent one.', [
        { path: '/arms', message: `"${twice.agent_id}" is there twice` },
      ])
    const weights = setWeights(set, await store.routing.weights(caller), clock())
    const detail = {
      experiment,
      arms: arms.map(({ agent_id, weight }) => `${agent_id} ${weight}`),
      ...(bounds && { bounds: Object.entries(bounds).map(([name, value]) => `${name} ${value}`) }),
    }
    const audit = { action: 'route.set_weights', subject: 'routing', detail }
    await store.commit(caller, [{ kind: 'route.weights', weights }], audit)
    emit({ type: 'route.changed', tenant_id: caller.tenant_id })
    return weights
  },
})

const isSame = (arm: Readonly<{ agent_id: AgentId }>, agent_id: AgentId): boolean =>
  arm.agent_id.toLowerCase() === agent_id.toLowerCase()

const toRouted = ({ purposes, attributes, hours, ...agent }: RoutableAgent): RoutedAgent => ({
  ...agent,
  purposes: [...purposes],
  has_attributes: attributes.length > 0,
  has_hours: hours.length > 0,
})

const sharedPurposes = ({ byPurpose }: RouteBook) =>
  [...byPurpose].flatMap(([purpose, agents]) => {
    const agent_ids = agents.filter(({ enabled }) => enabled).map(({ agent_id }) => agent_id)
    return agent_ids.length > 1 ? [{ purpose, agent_ids }] : []
  })
