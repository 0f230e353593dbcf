import { auditHandlers } from '../access/audit-handlers.ts'
import { tenantHandlers } from '../access/tenant-handlers.ts'
import { configHandlers } from '../agents/config-handlers.ts'
import { shortHandlers } from '../agents/short-handlers.ts'
import { releaseHandlers } from '../releases/release-handlers.ts'
import { storeHandlers } from '../served-store/store-handlers.ts'
import { tokenHandlers } from '../tokens/token-handlers.ts'
import { unwritten } from '../unwritten.ts'
import { webhookHandlers } from '../webhooks/webhook-handlers.ts'

/** What clients of the production API reach, in the studio's own host as well. */
export const wireProduction = () => ({
  ...configHandlers(),
  ...shortHandlers(),
  ...tokenHandlers(),
  ...tenantHandlers(),
  ...auditHandlers(),
  ...releaseHandlers(),
  ...webhookHandlers(),
  ...storeHandlers(),
  'session.active': unwritten('session.active'),
})
