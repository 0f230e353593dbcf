import { v7 } from 'uuid'
import { DEFAULT_TENANT } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import { Features, type Tenant, type User } from '../../core/contract/tenants.ts'
import type { HandlersOf } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { noTenant } from './access-failure.ts'
import { actingAs, scopeIn } from './acting-scope.ts'
import { newKey, shownKey } from './new-key.ts'

/** The first user of each tenant. */
const FIRST_USER = UserId.parse('admin')

/** Tenants, for operators. */
export function tenantHandlers({
  store,
  clock,
}: AccessDeps): HandlersOf<'tenant.list' | 'tenant.create' | 'tenant.get' | 'tenant.update'> {
  const find = async (tenant_id: string): Promise<Tenant> => {
    const tenant = await store.directory.tenant(tenant_id)
    if (tenant) return tenant
    throw noTenant(tenant_id)
  }
  return {
    'tenant.list': async ({ limit, cursor }) => {
      const { rows, ...page } = await store.directory.tenants({ limit, cursor })
      return { tenants: [...rows], ...page }
    },
    'tenant.get': ({ tenant_id }) => find(tenant_id),
    'tenant.create': async (input, { caller }) => {
      const now = clock()
      const tenant = newTenant(input.tenant_id ?? TenantId.parse(v7()), input, now)
      const { tenant_id } = tenant
      if (await store.directory.tenant(tenant_id)) throw taken(tenant_id)
      const user: User = { user_id: FIRST_USER, name: 'Admin', role: 'admin', enabled: true, created_at: now }
      const { key, value } = newKey({ tenant_id, user_id: FIRST_USER, name: 'First key', role: 'admin' }, now)
      await store.commit(
        { tenant_id, user_id: actingAs(caller) },
        [
          { kind: 'tenant.save', tenant, is_new: true },
          { kind: 'user.save', user, is_new: true },
          { kind: 'key.save', key },
        ],
        { action: 'tenant.create', subject: tenant_id, detail: { key_id: key.key_id } },
      )
      return { tenant, key: shownKey(key), value }
    },
    'tenant.update': async ({ tenant_id, ...changes }, { caller }) => {
      if (tenant_id === DEFAULT_TENANT && changes.enabled === false) throw ownTenant()
      const tenant = changed(await find(tenant_id), changes)
      await store.commit(scopeIn(tenant_id, caller), [{ kind: 'tenant.save', tenant }], {
        action: 'tenant.update',
        subject: tenant_id,
        detail: { changed: Object.keys(changes).sort() },
      })
      return tenant
    },
  }
}

type Optional<Of> = { readonly [Key in keyof Of]?: Of[Key] | undefined }
type TenantDraft = Optional<Omit<Tenant, 'tenant_id' | 'created_at' | 'features'>> &
  Readonly<{ features?: Optional<Features> | undefined }>

/** A tenant with everything that is not said as it usually is. */
export const newTenant = (tenant_id: TenantId, draft: TenantDraft, created_at: number): Tenant =>
  changed(
    {
      ...{
        tenant_id,
        name: tenant_id,
        enabled: true,
        isolation_level: 'shared',
        private_addresses: false,
        retention_days: null,
        created_at,
      },
      ...{ features: Features.parse({}), limits: {} },
    },
    draft,
  )

function changed(tenant: Tenant, { features, limits, ...draft }: TenantDraft): Tenant {
  const { name, enabled, isolation_level, private_addresses, retention_days } = draft
  return {
    ...tenant,
    ...defined({ name, enabled, isolation_level, private_addresses, retention_days }),
    features: { ...tenant.features, ...defined({ ...features }) },
    limits: { ...tenant.limits, ...defined({ ...limits }) },
  }
}

type Defined<Of> = { [Key in keyof Of]?: Exclude<Of[Key], undefined> }

/** What is said, without what is left out. */
function defined<Of extends object>(draft: Of): Defined<Of>
function defined(draft: object): object {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
}

const taken = (tenant_id: string) =>
  new StudioError('conflict', `There is a tenant "${tenant_id}" already.`, 'Choose another id, or change that one.')

const ownTenant = () =>
  new StudioError('conflict', `"${DEFAULT_TENANT}" is the server’s own tenant and stays enabled.`, 'Stop the server instead.')
