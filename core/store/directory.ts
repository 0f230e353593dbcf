import type { ApiKey, Tenant, User } from '../contract/tenants.ts'
import type { Role } from '../contract/caller.ts'
import type { TenantId } from '../contract/ids.ts'
import type { Paged } from './agents.ts'
import type { TenantScope } from './scope.ts'

export type PageOf = Readonly<{ limit: number; cursor?: string | undefined }>

/** `hash`: SHA-256 of the value, hex; the value itself is kept nowhere. */
export type StoredKey = ApiKey & Readonly<{ tenant_id: TenantId; hash: string }>

/** Who may come in, and what they may use. */
export type DirectoryReads = Readonly<{
  /** Of every tenant: authentication asks before there is a scope. */
  tenant: (tenant_id: string) => Promise<Tenant | undefined>
  keyByHash: (hash: string) => Promise<StoredKey | undefined>
  /** For operators. */
  tenants: (page: PageOf) => Promise<Paged<Tenant>>
  user: (scope: TenantScope, user_id: string) => Promise<User | undefined>
  users: (scope: TenantScope, page: PageOf) => Promise<Paged<User>>
  keys: (scope: TenantScope, page: PageOf) => Promise<Paged<StoredKey>>
}>

export type DirectoryChange =
  /** In place of the one with this id; the scope is the tenant's own. `is_new`: a `conflict` when there is one already. */
  | Readonly<{ kind: 'tenant.save'; tenant: Tenant; is_new?: boolean }>
  | Readonly<{ kind: 'user.save'; user: User; is_new?: boolean }>
  /** Also revokes: in place of the one with this id. */
  | Readonly<{ kind: 'key.save'; key: StoredKey }>
  /** Only moves `last_used_at` forward, and is told to nobody. One that is not there stays so. */
  | Readonly<{ kind: 'key.used'; key_id: string; at: number }>
  /** Null: none of one's own. Exactly one for each user. */
  | Readonly<{ kind: 'user.default_agent'; user_id: string; agent_id: string | null }>
  /**
   * Changes nothing: a `conflict` unless, with what the commit has changed before it, somebody enabled has this role (`key`: and a key with it
   * that is good at `at`, ms). So of two who take each other's way in at the same moment, on whichever instances, one stays.
   */
  | Readonly<{ kind: 'keeper.require'; of: 'user' | 'key'; role: Role; at: number }>
