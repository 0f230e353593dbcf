import type { TenantId, UserId } from '../contract/ids.ts'

/** Whose rows a store method may touch, and who does it. */
export type TenantScope = Readonly<{ tenant_id: TenantId; user_id: UserId }>
