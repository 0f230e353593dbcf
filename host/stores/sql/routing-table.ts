import { AgentId } from '../../../core/contract/ids.ts'
import { RouteWeights } from '../../../core/contract/routing.ts'
import { parseJson, type Json } from '../../../core/json.ts'
import type { RoutingChange, StoredRoute } from '../../../core/store/routing.ts'
import type { Dialect } from './dialect.ts'
import type { StudioDb } from './studio-schema.ts'
import { requireWeights } from './weights-conflict.ts'
import type { Write } from './write.ts'

export async function findWeights(db: StudioDb, tenant_id: string): Promise<RouteWeights | undefined> {
  const row = await db.selectFrom('route_weights').select('body').where('tenant_id', '=', tenant_id).executeTakeFirst()
  return row && RouteWeights.safeParse(parseJson(row.body)).data
}

export async function setWeights({ db, scope }: Write, { weights, based_on }: RoutingChange): Promise<void> {
  // Commits of a tenant happen one after the other, so that nobody writes in between.
  if (based_on) requireWeights(await findWeights(db, scope.tenant_id), based_on)
  const body = JSON.stringify(weights)
  await db
    .insertInto('route_weights')
    .values({ tenant_id: scope.tenant_id, body })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ body }))
    .execute()
}

/** From the agents' columns, without reading documents. */
export async function listRoutes(
  db: StudioDb,
  dialect: Dialect,
  tenant_id: string,
  agent_id?: string,
): Promise<readonly StoredRoute[]> {
  let agents = db.selectFrom('agent').where('tenant_id', '=', tenant_id).where('deleted_at', 'is', null)
  if (agent_id !== undefined) agents = agents.where('agent_id', '=', agent_id)
  const rows = await agents
    .select(['agent_id', 'name', 'enabled', 'is_default', 'agent_type'])
    .select(dialect.routing.as('routing'))
    .execute()
  return rows.map((row) => ({
    agent_id: AgentId.parse(row.agent_id),
    name: row.name,
    enabled: row.enabled === 1,
    is_default: row.is_default === 1,
    agent_type: row.agent_type,
    routing: readRouting(row.routing),
  }))
}

const readRouting = (text: string | null): Json | undefined => (text === null || text === '' ? undefined : parseJson(text))
