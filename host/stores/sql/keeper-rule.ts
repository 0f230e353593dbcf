import { hasRole } from '../../../core/contract/caller.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { User } from '../../../core/contract/tenants.ts'
import type { DirectoryChange, StoredKey } from '../../../core/store/directory.ts'

type Required = Extract<DirectoryChange, { kind: 'keeper.require' }>

/** Throws `conflict` when nobody is left who could let anybody in. `keys` are looked at for `of: 'key'` alone. */
export function requireKeeper({ of, role, at }: Required, users: readonly User[], keys: readonly StoredKey[]): void {
  const keepers = new Set(users.filter((user) => user.enabled && hasRole(user.role, role)).map(({ user_id }) => user_id))
  const isGood = ({ revoked_at, expires_at = Infinity }: StoredKey) => revoked_at === undefined && expires_at > at
  const isKeeper = (key: StoredKey) => isGood(key) && hasRole(key.role, role) && keepers.has(key.user_id)
  if (of === 'user' ? keepers.size > 0 : keys.some(isKeeper)) return
  throw new StudioError(
    'conflict',
    `This is the last ${of === 'user' ? role : `key with the role ${role}`} of this tenant.`,
    'Make another one first: without one nobody could let anybody in.',
  )
}
