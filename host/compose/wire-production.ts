import type { Stores } from '../../core/store/stores.ts'
import { auditHandlers } from '../access/audit-handlers.ts'
import { tenantHandlers } from '../access/tenant-handlers.ts'
import { configHandlers } from '../agents/config-handlers.ts'
import { shortHandlers } from '../agents/short-handlers.ts'
import type { ConnectionBook } from '../livekit/live-connection.ts'
import { releaseHandlers } from '../releases/release-handlers.ts'
import { storeHandlers } from '../served-store/store-handlers.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { tokenHandlers } from '../tokens/token-handlers.ts'
import { webhookHandlers } from '../webhooks/webhook-handlers.ts'
import type { Base } from './base.ts'
import type { SettingsNow } from './follow-settings.ts'
import type { Asking } from './wire-runtime.ts'

export type ProductionDeps = Readonly<{
  base: Base
  stores: Stores
  settings: SettingsNow
  asking: Asking
  sessions: Sessions
  connections: ConnectionBook
}>

/** What clients of the production API reach, in the studio's own host as well. */
export const wireProduction = (_: ProductionDeps) => ({
  ...configHandlers(),
  ...shortHandlers(),
  ...tokenHandlers(),
  ...tenantHandlers(),
  ...auditHandlers(),
  ...releaseHandlers(),
  ...webhookHandlers(),
  ...storeHandlers(),
})
