import type { TenantScope } from '../../../core/store/scope.ts'
import type { StudioDb } from './studio-schema.ts'

/** The transaction that a change is part of, who makes it, and its one time, ms. */
export type Write = Readonly<{ db: StudioDb; scope: TenantScope; at: number }>
