import { DEFAULT_USER } from '../../core/contract/caller.ts'
import { TenantId } from '../../core/contract/ids.ts'
import type { DirectoryReads } from '../../core/store/directory.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { ServedTenants } from '../rooms/room-deps.ts'
import type { ServerMode } from './server-mode.ts'

const PAGE = 500

/** The one person's tenant of a studio; on a server all that are enabled. */
export function servedTenants(
  own: TenantScope,
  server: ServerMode | undefined,
  directory: Pick<DirectoryReads, 'tenant' | 'tenants'>,
): ServedTenants {
  if (!server) {
    const { tenant_id } = own
    return { list: async () => [own], find: async (id) => (id === tenant_id ? own : undefined), unclaimed: own }
  }
  const scopeOf = (tenant_id: TenantId): TenantScope => ({ tenant_id, user_id: DEFAULT_USER })
  return {
    list: async () => {
      const found: TenantScope[] = []
      for (let cursor: string | undefined, more = true; more;) {
        const page = await directory.tenants({ limit: PAGE, cursor })
        for (const { tenant_id, enabled } of page.rows) if (enabled) found.push(scopeOf(tenant_id))
        cursor = page.next_cursor
        more = cursor !== undefined
      }
      return found
    },
    find: async (id) => {
      const tenant = TenantId.safeParse(id).success ? await directory.tenant(id) : undefined
      return tenant?.enabled ? scopeOf(tenant.tenant_id) : undefined
    },
    unclaimed: scopeOf(server.unclaimed),
  }
}
