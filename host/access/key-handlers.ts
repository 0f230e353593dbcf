import { hasRole, type Caller, type Role } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { UserId } from '../../core/contract/ids.ts'
import type { ApiKey, User } from '../../core/contract/tenants.ts'
import type { Change } from '../../core/store/store.ts'
import type { StoredKey } from '../../core/store/directory.ts'
import type { HandlersOf } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { isLive, newKey, shownKey } from './new-key.ts'
import { readAll } from './read-all.ts'
import { keeperRole, requireGivable, requireReach } from './role-rules.ts'
import { noUser } from './user-handlers.ts'

/** API keys of the caller's tenant. Their values are in the reply of their making, and nowhere else. */
export function keyHandlers({ store, clock }: AccessDeps): HandlersOf<'key.list' | 'key.create' | 'key.revoke'> {
  const { directory } = store

  /** Whose the key is. Whoever came with a token of an identity provider becomes a user here by making a key. */
  async function ownerOf(caller: Caller, user_id: UserId, role: Role): Promise<Readonly<{ changes: readonly Change[] }>> {
    const user = await directory.user(caller, user_id)
    if (user) {
      requireUsable(user, role)
      return { changes: [] }
    }
    if (user_id !== caller.user_id || user_id.endsWith('@default')) throw noUser(user_id)
    const made: User = { user_id, name: user_id, role: caller.role, enabled: true, created_at: clock() }
    return { changes: [{ kind: 'user.save', user: made, is_new: true }] }
  }

  /** The store refuses the commit when nobody is left who can make keys; an operator from outside still can. */
  function requireAnother(caller: Caller, without: StoredKey): readonly Change[] {
    const role = keeperRole(caller.tenant_id)
    if (!hasRole(without.role, role) || (caller.user_id.endsWith('@default') && role === 'admin')) return []
    return [{ kind: 'keeper.require', of: 'key', role, at: clock() }]
  }

  return {
    'key.list': async ({ limit, cursor }, { caller }) => {
      const { rows, ...page } = await directory.keys(caller, { limit, cursor })
      return { keys: rows.map(shownKey), ...page }
    },
    'key.create': async ({ name, role, user_id, expires_at, limits }, { caller }) => {
      const owner = user_id ?? caller.user_id
      requireGivable(caller, caller.tenant_id, role)
      if (expires_at !== undefined && expires_at <= clock()) throw expired()
      const { changes } = await ownerOf(caller, owner, role)
      const { tenant_id } = caller
      const { key, value } = newKey({ tenant_id, user_id: owner, name, role, limits, expires_at }, clock())
      await store.commit(caller, [...changes, { kind: 'key.save', key }], {
        action: 'key.create',
        subject: key.key_id,
        detail: { name, role, user_id: owner },
      })
      return { key: shownKey(key), value }
    },
    'key.revoke': ({ key_id }, { caller }) => revoke(caller, key_id),
  }

  async function revoke(caller: Caller, key_id: string): Promise<ApiKey> {
    const keys = await readAll((page) => directory.keys(caller, page))
    const key = keys.find((one) => one.key_id === key_id)
    if (!key) throw new StudioError('not_found', 'There is no such key in this tenant.', 'See /api/v1/keys.')
    if (key.revoked_at !== undefined) return shownKey(key)
    requireReach(caller, key.role)
    const revoked: StoredKey = { ...key, revoked_at: clock() }
    const required = isLive(key, clock()) ? requireAnother(caller, key) : []
    await store.commit(caller, [{ kind: 'key.save', key: revoked }, ...required], {
      action: 'key.revoke',
      subject: key_id,
      detail: {},
    })
    return shownKey(revoked)
  }
}

/** Throws `conflict` or `forbidden` when a key of this user could not be used with that role. */
function requireUsable(user: User, role: Role): void {
  if (!user.enabled) throw new StudioError('conflict', `The user "${user.user_id}" is disabled.`, 'Enable the user first.')
  if (!hasRole(user.role, role))
    throw new StudioError(
      'forbidden',
      `The user "${user.user_id}" is "${user.role}", so that a key of theirs cannot be "${role}".`,
      'Give the key at most the role of its user.',
    )
}

const expired = () =>
  new StudioError('malformed', 'The key would be expired from the beginning.', 'Give a time to come, or none.', [
    { path: '/expires_at', message: 'must be in the future' },
  ])
