import type { JsonObject } from '../json.ts'
import type { TenantScope } from './scope.ts'

/** What was done to what; never content and never a secret, only what identifies them. */
export type AuditEntry = Readonly<{ action: string; subject: string; detail: JsonObject }>

/** One link of a tenant's chain: `hash` is SHA-256 of the canonical JSON of all the other keys, `previous_hash` included. */
export type AuditRow = AuditEntry & Readonly<{ seq: number; at: number; actor: string; previous_hash: string; hash: string }>

export type AuditReads = Readonly<{
  /** Oldest first, after a sequence number. */
  list: (scope: TenantScope, after: number, limit: number) => Promise<readonly AuditRow[]>
  /** The first sequence number whose link does not hold, if there is one. */
  findBreak: (scope: TenantScope) => Promise<number | undefined>
}>
