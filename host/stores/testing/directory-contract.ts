import { expect, test } from 'vitest'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, newKey, newScope, newTenant, newUser, outcomes, walk } from './samples.ts'

/** Tenants, users and keys. */
export function directoryContract({ stores, second }: UnderTest): void {
  test('a tenant is found without a scope, saved over, and made once', async () => {
    const { store } = stores()
    const scope = newScope()
    const tenant = newTenant(scope)
    expect(await store.directory.tenant(scope.tenant_id)).toBeUndefined()
    const made = Array.from({ length: 4 }, (_, index) =>
      (index % 2 === 0 ? stores() : second()).store.commit(scope, [{ kind: 'tenant.save', tenant, is_new: true }], AUDIT),
    )
    expect(await outcomes(made)).toEqual({ done: 1, codes: Array(3).fill('conflict') })
    expect(await store.directory.tenant(scope.tenant_id)).toEqual(tenant)
    await store.commit(scope, [{ kind: 'tenant.save', tenant: { ...tenant, name: 'New', enabled: false } }], AUDIT)
    expect(await store.directory.tenant(scope.tenant_id)).toMatchObject({ name: 'New', enabled: false })
    const others = newScope()
    await expect(store.commit(others, [{ kind: 'tenant.save', tenant }], AUDIT)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('tenants are listed once each', async () => {
    const { store } = stores()
    const scopes = Array.from({ length: 7 }, () => newScope())
    for (const scope of scopes) await store.commit(scope, [{ kind: 'tenant.save', tenant: newTenant(scope) }], AUDIT)
    const all = (await walk((cursor) => store.directory.tenants({ limit: 3, cursor }))).map(({ tenant_id }) => tenant_id)
    expect(new Set(all).size).toBe(all.length)
    expect(all).toEqual(expect.arrayContaining(scopes.map(({ tenant_id }) => tenant_id)))
    await expect(store.directory.tenants({ limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'malformed' })
  })

  test('users: made once, listed once each; the default agent is kept apart from the rest', async () => {
    const { store } = stores()
    const scope = newScope()
    const save = (user_id: string, changes = {}, is_new = false) =>
      store.commit(scope, [{ kind: 'user.save', user: newUser(user_id, changes), is_new }], AUDIT)
    for (const user_id of ['u1', 'u2', 'u3', 'u4', 'u5']) await save(user_id, {}, true)
    await expect(save('u1', {}, true)).rejects.toMatchObject({ code: 'conflict' })
    await store.commit(scope, [create('One')], AUDIT)
    const choose = (user_id: string, agent_id: string | null) =>
      store.commit(scope, [{ kind: 'user.default_agent', user_id, agent_id }], AUDIT)
    await choose('u1', 'ONE')
    await save('u1', { role: 'admin', email: 'a@b.example' })
    expect(await store.directory.user(scope, 'u1')).toEqual(
      newUser('u1', { role: 'admin', email: 'a@b.example', default_agent_id: 'One' as never }),
    )
    await choose('u1', null)
    expect(await store.directory.user(scope, 'u1')).not.toHaveProperty('default_agent_id')
    for (const [user_id, agent_id] of [
      ['nobody', 'one'],
      ['u1', 'none'],
    ] as const)
      await expect(choose(user_id, agent_id)).rejects.toMatchObject({ code: 'not_found' })
    const all = await walk((cursor) => store.directory.users(scope, { limit: 2, cursor }))
    expect(all.map(({ user_id }) => user_id).sort()).toEqual(['u1', 'u2', 'u3', 'u4', 'u5'])
    expect((await store.directory.users(scope, { limit: 2 })).count).toBe(5)
  })

  test('keys: found by hash without a scope, saved over, used without losing a revocation', async () => {
    const { store } = stores()
    const scope = newScope()
    const keys = Array.from({ length: 3 }, () => newKey(scope, { limits: { sessions: 2 }, expires_at: 99 }))
    for (const key of keys) await store.commit(scope, [{ kind: 'key.save', key }], AUDIT)
    const key = keys[1]!
    expect(await store.directory.keyByHash(key.hash)).toEqual(key)
    expect(await store.directory.keyByHash('f'.repeat(64))).toBeUndefined()
    const use = (at: number, key_id = key.key_id) => store.commit(scope, [{ kind: 'key.used', key_id, at }], null)
    await use(50)
    await use(40)
    await use(1, 'none')
    await store.commit(scope, [{ kind: 'key.save', key: { ...key, revoked_at: 60 } }], AUDIT)
    await use(70)
    expect(await second().store.directory.keyByHash(key.hash)).toEqual({ ...key, revoked_at: 60, last_used_at: 70 })
    const all = await walk((cursor) => store.directory.keys(scope, { limit: 2, cursor }))
    expect(all.map(({ key_id }) => key_id).sort()).toEqual(keys.map(({ key_id }) => key_id).sort())
    const same = store.commit(scope, [{ kind: 'key.save', key: { ...newKey(scope), hash: key.hash } }], AUDIT)
    await expect(same).rejects.toMatchObject({ code: 'conflict' })
    const elsewhere = newScope()
    const foreign = store.commit(elsewhere, [{ kind: 'key.save', key }], AUDIT)
    await expect(foreign).rejects.toMatchObject({ code: 'forbidden' })
    const stolen = store.commit(elsewhere, [{ kind: 'key.save', key: { ...newKey(elsewhere), hash: key.hash } }], AUDIT)
    await expect(stolen).rejects.toMatchObject({ code: 'conflict' })
  })
}
