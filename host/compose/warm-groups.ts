import type { StudioEvent } from '../../core/contract/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { ServedTenants } from '../rooms/room-deps.ts'
import type { ProcessGroup } from '../runtime/session-pool.ts'
import type { Base } from './base.ts'

export type WarmGroups = Readonly<{
  base: Pick<Base, 'onEvent' | 'log'>
  tenants: Pick<ServedTenants, 'list' | 'find'>
  groupOf: (scope: TenantScope) => Promise<ProcessGroup>
  expect: (group: ProcessGroup) => void
}>

/** No tenant's first call waits for a process to start: which kinds of them are wanted follows from which tenants there are. */
export function warmGroups({ base, tenants, groupOf, expect }: WarmGroups): void {
  const expectCallsOf = async (scopes: readonly TenantScope[]): Promise<void> => {
    for (const scope of scopes) expect(await groupOf(scope))
  }
  const failed = (error: unknown) => base.log.warn({ error }, 'processes could not be kept ready for all tenants')
  const onEvent = async (event: StudioEvent): Promise<void> => {
    if (event.type !== 'tenant.changed') return
    const scope = await tenants.find(event.tenant_id)
    if (scope) await expectCallsOf([scope])
  }
  base.onEvent((event) => void onEvent(event).catch(failed))
  tenants.list().then(expectCallsOf).catch(failed)
}
