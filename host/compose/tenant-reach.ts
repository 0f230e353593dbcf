import type { Tenant } from '../../core/contract/tenants.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { addressRuleHere, hostOf } from '../fetching/address-rule.ts'
import { createGuardedFetch, type GuardedFetch } from '../fetching/guarded-fetch.ts'
import { createOpenFetch } from '../fetching/open-fetch.ts'
import { requirePublic } from '../fetching/require-public.ts'
import type { ProcessGroup } from '../runtime/session-pool.ts'

/** Where what a tenant names may lead. */
export type TenantReach = Readonly<{
  /** With whom it shares the processes that ask models and tools. */
  groupOf: (scope: TenantScope) => Promise<ProcessGroup>
  /** For requests of the host to addresses of the tenant. */
  fetchOf: (scope: TenantScope) => Promise<GuardedFetch>
  /** Throws `forbidden` for an address inside, as far as that is known before its name is looked up. */
  requireLikely: (scope: TenantScope, url: string) => Promise<void>
  /** The same for what natives connect to: with its name looked up. */
  requireReachable: (scope: TenantScope, url: string) => Promise<void>
}>

/** The longest list of models has some megabytes. */
const MOST_BYTES = 8_000_000

/** With whom a tenant's calls share processes. */
export const groupOfTenant = ({ tenant_id, private_addresses, isolation_level }: Tenant): ProcessGroup => ({
  reach: private_addresses ? 'anywhere' : 'public',
  ...(isolation_level === 'organization' && { tenant_id }),
})

/** A tenant reaches what is public; the operator of the server may let it reach everything, as the one person of a studio does. */
export function createTenantReach({ directory }: Pick<Store, 'directory'>): TenantReach {
  const rule = addressRuleHere(process.env)
  const [open, guarded] = [createOpenFetch(MOST_BYTES), createGuardedFetch({ rule, most_bytes: MOST_BYTES })]
  const mayReachAll = async ({ tenant_id }: TenantScope) => (await directory.tenant(tenant_id))?.private_addresses === true
  return {
    groupOf: async ({ tenant_id }) => {
      const tenant = await directory.tenant(tenant_id)
      return tenant ? groupOfTenant(tenant) : { reach: 'public' }
    },
    fetchOf: async (scope) => ((await mayReachAll(scope)) ? open : guarded),
    requireLikely: async (scope, url) => {
      const kind = rule(hostOf(url))
      if (kind === undefined || kind === 'no address' || (await mayReachAll(scope))) return
      throw new StudioError(
        'forbidden',
        `This address is ${kind}, which this tenant may not reach.`,
        'Use a public address, or ask the operator of the server to allow private ones.',
      )
    },
    requireReachable: async (scope, url) => {
      if (!(await mayReachAll(scope))) await requirePublic(rule, url)
    },
  }
}
