/**
 * Keys that were asked for lately, with their users and tenants. Threat: a revoked key that an instance still remembers. So every change
 * of the directory that the feed tells of empties this memory, what is read while a change comes is not remembered, and without any word
 * from the feed nothing is believed for longer than KEPT_MS.
 */
import type { Tenant, User } from '../../core/contract/tenants.ts'
import type { ChangeFeed } from '../../core/store/change-feed.ts'
import type { DirectoryReads, StoredKey } from '../../core/store/directory.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { sameHash } from './api-key.ts'
import { followFeed } from './follow-feed.ts'
import { createRemembered } from './remembered.ts'

const KEPT_MS = 15_000
/** A key that is not there may be there soon, and whoever guesses asks the store less. */
const ABSENT_MS = 1_000
const MOST = 10_000

export type KnownKey = Readonly<{ key: StoredKey; user: User; tenant: Tenant }>

export type KnownKeys = Readonly<{
  /** Undefined: no such key. */
  find: (hash: string) => Promise<KnownKey | undefined>
  tenant: (tenant_id: string) => Promise<Tenant | undefined>
  user: (scope: TenantScope) => Promise<User | undefined>
  close: () => void
}>

export type KnownKeysDeps = Readonly<{
  directory: Pick<DirectoryReads, 'keyByHash' | 'tenant' | 'user'>
  feed: Pick<ChangeFeed, 'sinceAll' | 'watch'>
  clock: () => number
}>

const CONCERNING: ReadonlySet<string> = new Set(['key.save', 'user.save', 'tenant.save'])

export function createKnownKeys({ directory, feed, clock }: KnownKeysDeps): KnownKeys {
  const memory = { kept_ms: KEPT_MS, absent_ms: ABSENT_MS, most: MOST, clock }
  const keys = createRemembered<KnownKey>(memory)
  const tenants = createRemembered<Tenant>(memory)
  const users = createRemembered<User>(memory)
  const forget = () => {
    for (const one of [keys, tenants, users]) one.clear()
  }
  const tenant = (tenant_id: string) => tenants.get(tenant_id, () => directory.tenant(tenant_id))
  const user = (scope: TenantScope) =>
    users.get(JSON.stringify([scope.tenant_id, scope.user_id]), () => directory.user(scope, scope.user_id))

  async function read(hash: string): Promise<KnownKey | undefined> {
    const key = await directory.keyByHash(hash)
    if (!key || !sameHash(key.hash, hash)) return undefined
    const { tenant_id, user_id } = key
    // Past the memories of users and tenants: what this key is made of was all read after it.
    const [its, owner] = await Promise.all([directory.tenant(tenant_id), directory.user({ tenant_id, user_id }, user_id)])
    return its && owner && { key, tenant: its, user: owner }
  }
  return {
    find: (hash) => keys.get(hash, () => read(hash)),
    tenant,
    user,
    close: followFeed(feed, CONCERNING, forget),
  }
}
