import type { Logger } from 'pino'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Events } from '../events.ts'
import type { ExtensionBook } from '../extensions/extension-book.ts'
import type { SecretsFor } from '../runtime/present-secrets.ts'
import type { Closing } from './closing.ts'
import type { ServerMode } from './server-mode.ts'
import type { SecretWiring } from './wire-secrets.ts'

/** What every part of the host is made from. */
export type Base = Events &
  Readonly<{
    data_dir: string
    /** Which host this is, for those that share a store; new with each start. */
    host_id: string
    /** Whose is what no caller asked for: the settings of this host, the agents that its worker serves, the samples. */
    own: TenantScope
    /** Serves many tenants; absent: the studio of one person. */
    server?: ServerMode
    store: Store
    secrets: SecretWiring
    /** What documents of each tenant may refer to. */
    secretsFor: SecretsFor
    extensions: ExtensionBook
    log: Logger
    /** Milliseconds since the epoch. */
    clock: () => number
    closing: Closing
  }>
