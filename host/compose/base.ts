import type { Logger } from 'pino'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Events } from '../events.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { Closing } from './closing.ts'

/** What every part of the host is made from. */
export type Base = Events &
  Readonly<{
    data_dir: string
    /** Whose is what no caller asked for: the settings of this host, the agents that its worker serves, the samples. */
    own: TenantScope
    store: Store
    secrets: Secrets
    log: Logger
    /** Milliseconds since the epoch. */
    clock: () => number
    closing: Closing
  }>
