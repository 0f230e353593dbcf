import type { AccessDeps } from './access-deps.ts'
import { auditHandlers } from './audit-handlers.ts'
import { createTurns } from './in-turn.ts'
import { keyHandlers } from './key-handlers.ts'
import { quotaHandlers } from './quota-handlers.ts'
import { tenantHandlers } from './tenant-handlers.ts'
import { userHandlers } from './user-handlers.ts'

/** Who may come in, what they may use, and what was done. */
export function accessHandlers(deps: AccessDeps) {
  // Of two admins who take each other's way in at the same moment, one stays.
  const inTurn = createTurns()
  return {
    ...tenantHandlers(deps),
    ...userHandlers(deps, inTurn),
    ...keyHandlers(deps, inTurn),
    ...quotaHandlers(deps),
    ...auditHandlers(deps),
  }
}
