import type { Stores } from '../../core/store/stores.ts'
import { accessHandlers } from '../access/access-handlers.ts'
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
export const wireProduction = ({ base, stores }: ProductionDeps) => ({
  ...configHandlers(),
  ...shortHandlers(),
  ...tokenHandlers(),
  ...accessHandlers({ store: base.store, limits: stores.limits, clock: base.clock }),
  ...releaseHandlers(),
  ...webhookHandlers(),
  ...storeHandlers(),
})
