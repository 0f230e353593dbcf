import { StudioError } from '../../core/contract/errors.ts'
import type { DirectoryReads } from '../../core/store/directory.ts'
import type { LimitStore } from '../../core/store/limits.ts'
import type { TenantScope } from '../../core/store/scope.ts'

type QuotaDeps = Readonly<{ directory: Pick<DirectoryReads, 'tenant'>; limits: Pick<LimitStore, 'usage'> }>

/**
 * Who is sent into a room where nobody may answer would wait there for nothing. The exact count is taken when the call begins. Throws
 * `quota_exceeded` and `forbidden`.
 */
export async function requireQuota({ directory, limits }: QuotaDeps, scope: TenantScope, now: number): Promise<void> {
  const tenant = await directory.tenant(scope.tenant_id)
  if (!tenant?.enabled)
    throw new StudioError('forbidden', 'This tenant is disabled, or is not there.', 'Ask the operator of the server.')
  const { sessions: most, minutes_per_month: minutes } = tenant.limits
  if (typeof most !== 'number' && typeof minutes !== 'number') return
  const used = await limits.usage(scope, new Date(now).toISOString().slice(0, 7), now)
  if (typeof most === 'number' && used.sessions >= most)
    throw exceeded('sessions', `This tenant may have ${most} calls at once, and ${used.sessions} go on.`)
  if (typeof minutes === 'number' && used.minutes_ms >= minutes * 60_000)
    throw exceeded('minutes_per_month', `This tenant may use ${minutes} minutes of calls a month, and they are used up.`)
}

const exceeded = (limit: string, message: string): StudioError =>
  new StudioError('quota_exceeded', message, 'Try again later, or ask the operator of the server for more.', [
    { path: `/limits/${limit}`, message },
  ])
