import type { TenantScope } from '../../../core/store/scope.ts'
import type { Unit } from './unit.ts'

/** The unit that a change is part of, who makes it, and its one time, ms. */
export type Write = Readonly<{ unit: Unit; scope: TenantScope; at: number }>
