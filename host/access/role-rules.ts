/**
 * Threat: somebody raises themselves (a key or user above the own role, an operator outside of the server's own tenant), reaches above
 * themselves (an admin who disables an operator), or locks everybody out.
 */
import { DEFAULT_TENANT, hasRole, type Caller, type Role } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { TenantId } from '../../core/contract/ids.ts'

/** Throws `forbidden` when the caller may not give this role in this tenant. */
export function requireGivable(caller: Caller, tenant_id: TenantId, role: Role): void {
  if (!hasRole(caller.role, role))
    throw new StudioError(
      'forbidden',
      `The role "${role}" is above your own, "${caller.role}".`,
      `Give at most "${caller.role}", or ask somebody with that role.`,
    )
  if (role === 'operator' && tenant_id !== DEFAULT_TENANT)
    throw new StudioError(
      'forbidden',
      `Operators belong to the tenant "${DEFAULT_TENANT}".`,
      'Give at most "admin" in this tenant.',
    )
}

/** Throws `forbidden` when what exists is above the caller. */
export function requireReach(caller: Caller, role: Role): void {
  if (hasRole(caller.role, role) || role === 'caller') return
  throw new StudioError('forbidden', `This has the role "${role}", above your own.`, 'Ask somebody with that role.')
}

/** The role without which nobody could let anybody in. */
export const keeperRole = (tenant_id: TenantId): Role => (tenant_id === DEFAULT_TENANT ? 'operator' : 'admin')
