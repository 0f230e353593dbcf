import type { StudioEvent } from '../../core/contract/index.ts'
import type { Tenant } from '../../core/contract/tenants.ts'
import type { ProcessGroup } from '../runtime/session-pool.ts'
import type { Base } from './base.ts'
import { groupOfTenant } from './tenant-reach.ts'

const PAGE = 500

/**
 * No tenant's first call waits for a process to start: those that reach public addresses alone share processes of which one is kept ready as
 * soon as there is such a tenant. Those of single tenants are kept once these call.
 */
export function warmGroups({ store, onEvent, log }: Base, expect: (group: ProcessGroup) => void): void {
  let found = false

  function look(tenant: Tenant | undefined): void {
    if (found || !tenant?.enabled) return
    const group = groupOfTenant(tenant)
    if (group.tenant_id !== undefined || group.reach !== 'public') return
    found = true
    expect(group)
  }

  async function lookAtAll(): Promise<void> {
    for (let cursor: string | undefined, more = true; more && !found;) {
      const page = await store.directory.tenants({ limit: PAGE, cursor })
      page.rows.forEach(look)
      cursor = page.next_cursor
      more = cursor !== undefined
    }
  }

  const failed = (error: unknown) => log.warn({ error }, 'whether tenants need processes of another kind could not be read')
  onEvent((event: StudioEvent) => {
    if (event.type !== 'tenant.changed' || found) return
    store.directory.tenant(event.tenant_id).then(look).catch(failed)
  })
  lookAtAll().catch(failed)
}
