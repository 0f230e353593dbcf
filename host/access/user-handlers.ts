import { v7 } from 'uuid'
import { hasRole, type Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { UserId } from '../../core/contract/ids.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { User } from '../../core/contract/tenants.ts'
import type { Change } from '../../core/store/store.ts'
import type { HandlersOf } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { keeperRole, requireGivable, requireReach } from './role-rules.ts'

/** Users of the caller's tenant. */
export function userHandlers({ store, clock }: AccessDeps): HandlersOf<'user.list' | 'user.create' | 'user.update'> {
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
    'user.update': (input, { caller }) => update(caller, input),
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
    // Refused when nobody is left who can let others in.
    const required: Change[] = isLost ? [{ kind: 'keeper.require', of: 'user', role: keeper, at: clock() }] : []
    await store.commit(caller, [{ kind: 'user.save', user }, ...required], {
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
