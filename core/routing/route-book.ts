import * as z from 'zod'
import type { AgentId } from '../contract/ids.ts'
import { isJsonArray, isJsonObject } from '../json.ts'
import { AttributeRule, HoursRule, type RoutingConfig } from './routing-config.ts'
import { SAMPLE_ROUTING } from './sample-routing.ts'

/** What the routing knows of one agent: state beside the document, and the document's `routing`. */
export type RoutableAgent = Readonly<{
  agent_id: AgentId
  name: string
  enabled: boolean
  is_default: boolean
  agent_type: string
  purposes: readonly string[]
  attributes: readonly AttributeRule[]
  hours: readonly HoursRule[]
  dispatch_by_name: boolean
}>

/** All agents of a tenant, laid out so that a decision among thousands looks at few. */
export type RouteBook = Readonly<{
  /** By `agent_id`. */
  agents: readonly RoutableAgent[]
  byId: ReadonlyMap<string, RoutableAgent>
  byName: ReadonlyMap<string, readonly RoutableAgent[]>
  byPurpose: ReadonlyMap<string, readonly RoutableAgent[]>
  withAttributes: readonly RoutableAgent[]
  withHours: readonly RoutableAgent[]
  tenantDefault: RoutableAgent | undefined
  enabled_count: number
}>

type AgentState = Pick<RoutableAgent, 'agent_id' | 'name' | 'enabled' | 'is_default' | 'agent_type'>

/** `routing` as the document holds it; a row that cannot be read leads nowhere and keeps no other from leading. */
export function routableAgent(state: AgentState, routing: unknown): RoutableAgent {
  const { agent_id, name, enabled, is_default, agent_type } = state
  const said = { ...sampleRouting(agent_id), ...(isJsonObject(routing) && routing) }
  return {
    ...{ agent_id, name, enabled, is_default, agent_type },
    purposes: sound(said.purposes, Purpose),
    attributes: sound(said.attributes, AttributeRule),
    hours: sound(said.hours, HoursRule),
    dispatch_by_name: said.dispatch_by_name === true,
  }
}

const Purpose = z.string().trim().min(1)

const sound = <Row>(rows: unknown, schema: z.ZodType<Row>): readonly Row[] =>
  isJsonArray(rows) ? rows.flatMap((row) => schema.safeParse(row).data ?? []) : []

const sampleRouting = (agent_id: string): RoutingConfig =>
  Object.hasOwn(SAMPLE_ROUTING, agent_id) ? (SAMPLE_ROUTING[agent_id] ?? {}) : {}

export function routeBook(unordered: readonly RoutableAgent[]): RouteBook {
  const agents = [...unordered].sort((a, b) => (a.agent_id < b.agent_id ? -1 : a.agent_id > b.agent_id ? 1 : 0))
  const enabled = agents.filter((agent) => agent.enabled)
  return {
    agents,
    byId: new Map(agents.map((agent) => [foldName(agent.agent_id), agent])),
    byName: grouped(agents, ({ name }) => [foldName(name)]),
    byPurpose: grouped(agents, ({ purposes }) => [...new Set(purposes.map(foldName))]),
    withAttributes: enabled.filter(({ attributes }) => attributes.length > 0),
    withHours: enabled.filter(({ hours }) => hours.length > 0),
    tenantDefault: agents.find(({ is_default }) => is_default),
    enabled_count: enabled.length,
  }
}

/** Ids, names and purposes are the same whatever their case, and however their accents are written. */
export const foldName = (text: string): string => text.trim().normalize('NFC').toLowerCase()

/** By id; else by name, where one that is enabled comes first. */
export function findAgent(book: RouteBook, id_or_name: string): RoutableAgent | undefined {
  const key = foldName(id_or_name)
  const named = book.byName.get(key) ?? []
  return book.byId.get(key) ?? named.find(({ enabled }) => enabled) ?? named[0]
}

function grouped(
  agents: readonly RoutableAgent[],
  keysOf: (agent: RoutableAgent) => readonly string[],
): ReadonlyMap<string, readonly RoutableAgent[]> {
  const groups = new Map<string, RoutableAgent[]>()
  for (const agent of agents) {
    for (const key of keysOf(agent)) {
      const group = groups.get(key)
      if (group) group.push(agent)
      else groups.set(key, [agent])
    }
  }
  return groups
}
