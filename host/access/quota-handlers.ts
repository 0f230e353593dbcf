import type { TenantId } from '../../core/contract/ids.ts'
import type { OutputOf } from '../../core/contract/index.ts'
import type { Limits, Tenant } from '../../core/contract/tenants.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { HandlersOf } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { noTenant } from './access-failure.ts'
import { scopeIn } from './acting-scope.ts'
import { monthOf } from './month.ts'

/** What a tenant may use, and what it uses. */
export function quotaHandlers({ store, limits, clock }: AccessDeps): HandlersOf<'quota.get' | 'quota.set'> {
  async function find(tenant_id: TenantId): Promise<Tenant> {
    const tenant = await store.directory.tenant(tenant_id)
    if (tenant) return tenant
    throw noTenant(tenant_id)
  }
  async function standing(scope: TenantScope, of: Limits): Promise<OutputOf<'quota.get'>> {
    const month = monthOf(clock())
    const [{ sessions, minutes_ms }, agents] = await Promise.all([
      limits.usage(scope, month, clock()),
      store.agents.list(scope, { deleted: false, limit: 1 }),
    ])
    return { limits: of, usage: { sessions, month, minutes: minutes_ms / 60_000, agents: agents.count } }
  }
  return {
    'quota.get': async (_input, { caller }) => standing(caller, (await find(caller.tenant_id)).limits),
    'quota.set': async ({ tenant_id: asked, ...wanted }, { caller }) => {
      const tenant_id = asked ?? caller.tenant_id
      const tenant = await find(tenant_id)
      const set = Object.fromEntries(
        Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      )
      const changed: Tenant = { ...tenant, limits: { ...tenant.limits, ...set } }
      const scope = scopeIn(tenant_id, caller)
      await store.commit(scope, [{ kind: 'tenant.save', tenant: changed }], {
        action: 'quota.set',
        subject: tenant_id,
        detail: { limits: set },
      })
      return standing(scope, changed.limits)
    },
  }
}
