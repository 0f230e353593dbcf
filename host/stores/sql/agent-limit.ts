import { StudioError } from '../../../core/contract/errors.ts'
import type { Tenant } from '../../../core/contract/tenants.ts'
import type { Change } from '../../../core/store/store.ts'

/** How many agents a commit adds to those that its tenant has. */
export const agentsAdded = (changes: readonly Change[]): number => changes.filter(isNew).length

const isNew = (change: Change): boolean =>
  change.kind === 'agent.create' || change.kind === 'agent.undelete' || (change.kind === 'agent.import' && change.based_on === 0)

/** `count`: with those that the commit adds. Throws `quota_exceeded`. */
export function requireRoom(tenant: Tenant | undefined, added: number, count: () => Promise<number>): Promise<void> | undefined {
  const most = tenant?.limits.agents
  return typeof most === 'number' ? requireAtMost(most, added, count) : undefined
}

async function requireAtMost(most: number, added: number, count: () => Promise<number>): Promise<void> {
  const there = await count()
  if (there <= most) return
  const had = there - added
  throw new StudioError(
    'quota_exceeded',
    `This tenant may have ${most} agent${most === 1 ? '' : 's'}, and has ${had}.`,
    'Delete one that is not needed any more, or ask the operator of the server for more.',
    [{ path: '/limits/agents', message: `${had} of ${most}` }],
  )
}
