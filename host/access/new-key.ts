import { v7 } from 'uuid'
import type { Role } from '../../core/contract/caller.ts'
import type { TenantId, UserId } from '../../core/contract/ids.ts'
import type { ApiKey, Limits } from '../../core/contract/tenants.ts'
import type { StoredKey } from '../../core/store/directory.ts'
import { hashOfKey, makeKeyValue, shownPart } from './api-key.ts'

export type KeyDraft = Readonly<{
  tenant_id: TenantId
  user_id: UserId
  name: string
  role: Role
  limits?: Limits | undefined
  expires_at?: number | undefined
}>

/** A key as it is kept, and its value, which is told once and kept nowhere. */
export function newKey(
  { limits = {}, expires_at, ...draft }: KeyDraft,
  now: number,
): Readonly<{ key: StoredKey; value: string }> {
  const value = makeKeyValue()
  const key: StoredKey = {
    ...{ key_id: v7(), prefix: shownPart(value), hash: hashOfKey(value), created_at: now },
    ...{ ...draft, limits, ...(expires_at !== undefined && { expires_at }) },
  }
  return { key, value }
}

/** Without its hash. */
export const shownKey = ({ hash: _, tenant_id: __, ...key }: StoredKey): ApiKey => key

/** A key may still be used, as far as it alone decides that. */
export const isLive = (key: Pick<StoredKey, 'revoked_at' | 'expires_at'>, now: number): boolean =>
  key.revoked_at === undefined && (key.expires_at === undefined || key.expires_at > now)
