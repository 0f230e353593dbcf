import type { AccessDeps } from './access-deps.ts'
import { auditHandlers } from './audit-handlers.ts'
import { keyHandlers } from './key-handlers.ts'
import { quotaHandlers } from './quota-handlers.ts'
import { tenantHandlers } from './tenant-handlers.ts'
import { userHandlers } from './user-handlers.ts'

/** Who may come in, what they may use, and what was done. */
export function accessHandlers(deps: AccessDeps) {
  return {
    ...tenantHandlers(deps),
    ...userHandlers(deps),
    ...keyHandlers(deps),
    ...quotaHandlers(deps),
    ...auditHandlers(deps),
  }
}
