import type { AgentChange, AgentReads, VersionReads } from './agents.ts'
import type { AuditEntry, AuditReads } from './audit.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { ConnectionChange, ConnectionReads } from './connections.ts'
import type { DirectoryChange, DirectoryReads } from './directory.ts'
import type { ProviderChange, ProviderReads } from './providers.ts'
import type { ReleaseChange, ReleaseReads } from './releases.ts'
import type { RoutingChange, RoutingReads } from './routing.ts'
import type { SecretChange, SecretReads } from './sealed-secrets.ts'
import type { SettingChange, SettingReads } from './settings.ts'
import type { TenantScope } from './scope.ts'
import type { WebhookChange, WebhookReads } from './webhooks.ts'

export type Change =
  | AgentChange
  | SettingChange
  | ProviderChange
  | ConnectionChange
  | RoutingChange
  | DirectoryChange
  | SecretChange
  | ReleaseChange
  | WebhookChange

/**
 * What is designed and configured, by tenant: read through the aggregates, changed through `commit` alone. (Calls are kept beside it,
 * see `calls.ts`, so that a busy call never delays a save.)
 */
export type Store = Readonly<{
  agents: AgentReads
  versions: VersionReads
  settings: SettingReads
  providers: ProviderReads
  connections: ConnectionReads
  routing: RoutingReads
  directory: DirectoryReads
  secrets: SecretReads
  releases: ReleaseReads
  webhooks: WebhookReads
  audit: AuditReads
  feed: ChangeFeed
  /**
   * The only write: all changes, their audit row and their feed entries in one durable transaction, or none of it.
   * `audit` is null only for what is not worth a row (working copies, layout).
   * A commit that adds agents leaves no more than the tenant's `limits.agents`, whoever adds others beside it (`quota_exceeded`).
   * `once`: under this key it happens once; again, also of another instance and within ten minutes, it is done already.
   * Throws `conflict`, `not_found`, and `unavailable` when the disk does not take it.
   */
  commit: (scope: TenantScope, changes: readonly Change[], audit: AuditEntry | null, once?: string) => Promise<void>
}>
