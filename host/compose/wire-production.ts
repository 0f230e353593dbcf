import type { Stores } from '../../core/store/stores.ts'
import { accessHandlers } from '../access/access-handlers.ts'
import type { ApiDeps } from '../agents/api/api-deps.ts'
import { configHandlers } from '../agents/config-handlers.ts'
import { shortHandlers } from '../agents/short-handlers.ts'
import type { ConnectionBook } from '../livekit/live-connection.ts'
import { storeHandlers } from '../served-store/store-handlers.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { MintDeps } from '../tokens/mint-token.ts'
import { tokenHandlers } from '../tokens/token-handlers.ts'
import type { Base } from './base.ts'
import type { SettingsNow } from './follow-settings.ts'
import { wireReleases } from './wire-releases.ts'
import type { Asking } from './wire-runtime.ts'

export type ProductionDeps = Readonly<{
  base: Base
  stores: Stores
  /** As they were opened: other instances remember for themselves. */
  kept: Stores
  settings: SettingsNow
  asking: Asking
  sessions: Sessions
  connections: ConnectionBook
  /** Under which name workers answer for whichever agent is meant, and how they are told to. */
  dispatching: Pick<MintDeps, 'dispatch_name' | 'want'>
}>

/** What clients of the production API reach, in the studio's own host as well. */
export const wireProduction = ({ base, stores, kept, sessions, connections, dispatching }: ProductionDeps) => ({
  ...wireReleases(base, stores),
  ...configHandlers(apiDeps(base, stores, sessions)),
  ...shortHandlers(apiDeps(base, stores, sessions)),
  ...tokenHandlers({
    ...{
      ...dispatching,
      connections,
      store: base.store,
      directory: base.store.directory,
      limits: stores.limits,
      clock: base.clock,
    },
    public_url: process.env['LIVEKIT_PUBLIC_URL'] || undefined,
    draining: sessions.isDraining,
  }),
  ...accessHandlers({ store: base.store, limits: stores.limits, clock: base.clock }),
  ...storeHandlers({ stores: kept, instance: base.host_id, clock: base.clock, onClose: base.closing.add }),
})

/** What the API of agents needs. Keys that clients write into agents lie where the host keeps its secrets. */
export const apiDeps = (
  { store, emit, clock, secrets, extensions }: Base,
  { calls, commands }: Stores,
  { setTracing }: Sessions,
): ApiDeps => ({
  ...{ store, calls, commands, setTracing, emit, clock, agentTypes: extensions.agentTypes },
  secrets,
})
