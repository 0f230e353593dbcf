import type { ConnectionStep } from '../../../core/contract/connections.ts'

/** What one step found; `stop`: nothing after it can go well. */
export type Found = Readonly<{ step: Omit<ConnectionStep, 'duration_ms' | 'step'>; stop?: boolean }>
