import * as z from 'zod'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { PriceSnapshot, ProviderCheck, ProviderKind } from '../../../core/contract/providers.ts'
import { RouteWeights } from '../../../core/contract/routing.ts'
import type { Json } from '../../../core/json.ts'
import type { ConnectionChange, ConnectionReads } from '../../../core/store/connections.ts'
import type { ProviderChange, ProviderReads } from '../../../core/store/providers.ts'
import type { RoutingChange, RoutingReads } from '../../../core/store/routing.ts'
import type { SettingChange, SettingReads } from '../../../core/store/settings.ts'
import { requireWeights } from '../sql/weights-conflict.ts'
import { HEADS, keyOf } from './agent-tables.ts'
import { table } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'
import type { Write } from './write.ts'

const Value: z.ZodType<Json> = z.json()
export const SETTINGS = table('settings', z.object({ key: z.string(), value: Value }), ({ key }) => [key])

const Price = z.object({ kind: ProviderKind, provider: z.string(), model: z.string(), price: PriceSnapshot })
const PRICES = table('prices', Price, ({ kind, provider, model }) => [kind, provider, model])
const CHECKS = table('provider_checks', ProviderCheck, ({ kind, provider, model, base_url = '' }) => [
  kind,
  provider,
  model,
  base_url,
])

const StoredConnectionRow = z.object({
  connection_id: ConnectionId,
  name: z.string(),
  url: z.string().exactOptional(),
  api_key: z.string().exactOptional(),
  api_secret: z.string().exactOptional(),
  serve: z.boolean(),
  automatic: z.boolean(),
})
const CONNECTIONS = table('connections', StoredConnectionRow, ({ connection_id }) => [connection_id])
const WEIGHTS = table('route_weights', z.object({ weights: RouteWeights }), () => ['weights'])

export const settingReads = (rows: TenantRows): SettingReads => ({
  all: async ({ tenant_id }) =>
    Object.fromEntries((await rows.many(SETTINGS, tenant_id, {}, { sort: { key: 1 } })).map(({ key, value }) => [key, value])),
})

export const providerReads = (rows: TenantRows): ProviderReads => ({
  prices: ({ tenant_id }) => rows.many(PRICES, tenant_id, {}, { sort: { kind: 1, provider: 1, model: 1 } }),
  checks: ({ tenant_id }) => rows.many(CHECKS, tenant_id, {}, { sort: { at: -1 } }),
})

export const connectionReads = (rows: TenantRows): ConnectionReads => ({
  list: ({ tenant_id }) => rows.many(CONNECTIONS, tenant_id, {}, { sort: { name: 1 } }),
})

export const routingReads = (rows: TenantRows): RoutingReads => ({
  weights: async ({ tenant_id }) => (await rows.one(WEIGHTS, tenant_id, ['weights']))?.weights,
  routes: async ({ tenant_id }, agent_id) =>
    (
      await rows.many(
        HEADS,
        tenant_id,
        { deleted: false, ...(agent_id !== undefined && { key: keyOf(agent_id) }) },
        { sort: { key: 1 } },
      )
    ).map(({ agent_id: id, name, enabled, is_default, agent_type, routing }) => ({
      ...{ agent_id: id, name, enabled, is_default, agent_type, routing },
    })),
})

/** Null removes. */
export function commitSettings({ unit, scope }: Write, { values }: SettingChange): void {
  for (const [key, value] of Object.entries(values)) {
    if (value === null) unit.remove(SETTINGS, scope.tenant_id, [key])
    else unit.put(SETTINGS, scope.tenant_id, { key, value })
  }
}

export async function commitProviderChange({ unit, scope }: Write, change: ProviderChange): Promise<void> {
  const { tenant_id } = scope
  if (change.kind === 'price.set') {
    const { of, price } = change
    if (price === null) unit.remove(PRICES, tenant_id, [of.kind, of.provider, of.model])
    else unit.put(PRICES, tenant_id, { ...of, price })
    return
  }
  const { check } = change
  const before = await unit.find(CHECKS, tenant_id, CHECKS.key(check))
  const passed_at = check.ok ? check.at : before?.passed_at
  unit.put(CHECKS, tenant_id, { ...check, passed_at })
}

export function commitConnectionChange({ unit, scope }: Write, change: ConnectionChange): void {
  if (change.kind === 'connection.save') unit.put(CONNECTIONS, scope.tenant_id, change.connection)
  else unit.remove(CONNECTIONS, scope.tenant_id, [change.connection_id])
}

export async function commitWeights({ unit, scope }: Write, { weights, based_on }: RoutingChange): Promise<void> {
  if (based_on) requireWeights((await unit.find(WEIGHTS, scope.tenant_id, ['weights']))?.weights, based_on)
  unit.put(WEIGHTS, scope.tenant_id, { weights })
}
