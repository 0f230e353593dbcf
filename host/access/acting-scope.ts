import type { Caller } from '../../core/contract/caller.ts'
import { UserId, type TenantId } from '../../core/contract/ids.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** In the audit of another tenant an operator is no user of it. */
export const actingAs = ({ tenant_id, user_id }: Pick<Caller, 'tenant_id' | 'user_id'>): UserId =>
  UserId.parse(`${user_id.slice(0, 127 - tenant_id.length)}@${tenant_id}`)

/** Whose rows a caller changes who was let into a tenant, and as whom. */
export const scopeIn = (tenant_id: TenantId, caller: Caller): TenantScope => ({
  tenant_id,
  user_id: tenant_id === caller.tenant_id ? caller.user_id : actingAs(caller),
})
