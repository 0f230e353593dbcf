import * as z from 'zod'
import { TenantId, UserId } from './ids.ts'

/** Each role may do what the ones before it may; `caller` (mints tokens only) stands apart and comes with rooms. */
export const ROLES = ['viewer', 'developer', 'admin', 'operator'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

export const hasRole = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)

/** Who asks. The tenant comes from the credential alone, never from the input. */
export type Caller = Readonly<{ tenant_id: TenantId; user_id: UserId; role: Role; via: 'page' | 'cli' | 'rest' | 'test' }>

/** The one person at the studio, in the one tenant that a local data folder has. */
export const LOCAL_TENANT = TenantId.parse('local')
export const LOCAL_USER = UserId.parse('local')
