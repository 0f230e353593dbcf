import * as z from 'zod'
import { TenantId, UserId } from './ids.ts'

/** Each role may do what the ones before it may. `caller` mints tokens and nothing else; `operator` works across tenants. */
export const ROLES = ['caller', 'viewer', 'developer', 'admin', 'operator'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** A viewer only looks: calls cost money, so minting their tokens is not among what it may do although `caller` stands before it. */
export const hasRole = (role: Role, needed: Role): boolean =>
  needed === 'caller' ? role !== 'viewer' : ROLES.indexOf(role) >= ROLES.indexOf(needed)

/** Who asks. The tenant comes from the credential alone, never from the input. */
export type Caller = Readonly<{
  tenant_id: TenantId
  user_id: UserId
  role: Role
  via: 'page' | 'cli' | 'rest' | 'test'
  /** The API key that was shown, for its own limits. */
  key_id?: string
}>

/** The one person at the studio, in the one tenant that a local data folder has. */
export const LOCAL_TENANT = TenantId.parse('local')
export const LOCAL_USER = UserId.parse('local')

/** Where a server's agents belong until it has more tenants than one, and who asks a server without authentication. */
export const DEFAULT_TENANT = TenantId.parse('default')
export const DEFAULT_USER = UserId.parse('default')
