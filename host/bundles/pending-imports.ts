import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { TenantId } from '../../core/contract/ids.ts'
import type { ImportPlan } from './import-plan.ts'

const KEPT_MS = 15 * 60_000
const KEPT_AT_MOST = 16

/** Previewed imports that wait for their `apply`, for a while and a few at a time: each may hold megabytes. */
export type PendingImports = Readonly<{
  add: (tenant: TenantId, plan: ImportPlan) => string
  /** Throws `not_found` when it expired or belongs to somebody else. */
  get: (tenant: TenantId, import_id: string) => ImportPlan
  remove: (import_id: string) => void
}>

export function createPendingImports(now: () => number): PendingImports {
  const pending = new Map<string, Readonly<{ tenant: TenantId; plan: ImportPlan; expires: number }>>()
  const dropOld = (): void => {
    for (const [id, { expires }] of pending) if (expires <= now() || pending.size > KEPT_AT_MOST) pending.delete(id)
  }
  return {
    add: (tenant, plan) => {
      const import_id = v7()
      pending.set(import_id, { tenant, plan, expires: now() + KEPT_MS })
      dropOld()
      return import_id
    },
    get: (tenant, import_id) => {
      dropOld()
      const found = pending.get(import_id)
      if (found?.tenant === tenant) return found.plan
      throw new StudioError(
        'not_found',
        'This import is no longer waiting',
        'Previews are kept for 15 minutes: choose the file again.',
      )
    },
    remove: (import_id) => void pending.delete(import_id),
  }
}
