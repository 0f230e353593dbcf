import { v7 } from 'uuid'
import { hasRole, type Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { UserId } from '../../core/contract/ids.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { User } from '../../core/contract/tenants.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { HandlersOf } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import type { InTurn } from './in-turn.ts'
import { readAll } from './read-all.ts'
import { keeperRole, requireGivable, requireReach } from './role-rules.ts'

/** Users of the caller's tenant. */
export function userHandlers(
  { store, clock }: AccessDeps,
  inTurn: InTurn,
): HandlersOf<'user.list' | 'user.create' | 'user.update'> {
  /** Throws `conflict` when nobody would be left who can let others in. */
  async function requireKeeper(scope: TenantScope, without: User): Promise<void> {
    const role = keeperRole(scope.tenant_id)
    const isKeeper = (user: User) => user.enabled && hasRole(user.role, role)
    const users = await readAll((page) => store.directory.users(scope, page))
    if (users.some((user) => user.user_id !== without.user_id && isKeeper(user))) return
    throw new StudioError(
      'conflict',
      `"${without.user_id}" is the last ${role} of this tenant.`,
      `Make another user ${role} first: without one nobody could let anybody in.`,
    )
  }
  return {
    'user.list': async ({ limit, cursor }, { caller }) => {
      const { rows, ...page } = await store.directory.users(caller, { limit, cursor })
      return { users: [...rows], ...page }
    },
    'user.create': async ({ user_id = UserId.parse(v7()), name, email, role }, { caller }) => {
      requireGivable(caller, caller.tenant_id, role)
      if (await store.directory.user(caller, user_id)) throw taken(user_id)
      const user: User = { user_id, name, role, enabled: true, created_at: clock(), ...(email !== undefined && { email }) }
      await store.commit(caller, [{ kind: 'user.save', user, is_new: true }], {
        action: 'user.create',
        subject: user_id,
        detail: { role },
      })
      return user
    },
    'user.update': (input, { caller }) => inTurn(caller.tenant_id, () => update(caller, input)),
  }

  async function update(caller: Caller, { user_id, name, email, role, enabled }: ParsedInputOf<'user.update'>): Promise<User> {
    const before = await store.directory.user(caller, user_id)
    if (!before) throw noUser(user_id)
    requireReach(caller, before.role)
    if (role !== undefined) requireGivable(caller, caller.tenant_id, role)
    const user: User = {
      ...before,
      ...{ name: name ?? before.name, role: role ?? before.role, enabled: enabled ?? before.enabled },
      ...(email !== undefined && { email }),
    }
    const keeper = keeperRole(caller.tenant_id)
    const isLost = before.enabled && hasRole(before.role, keeper) && !(user.enabled && hasRole(user.role, keeper))
    if (isLost) await requireKeeper(caller, user)
    await store.commit(caller, [{ kind: 'user.save', user }], {
      action: 'user.update',
      subject: user_id,
      detail: { role: user.role, enabled: user.enabled },
    })
    return user
  }
}

const taken = (user_id: string) =>
  new StudioError('conflict', `There is a user "${user_id}" already.`, 'Choose another id, or change that one.')

export const noUser = (user_id: string) =>
  new StudioError(
    'not_found',
    `There is no user "${user_id.slice(0, 128)}" in this tenant.`,
    'Name one of /api/v1/users as user_id.',
  )
