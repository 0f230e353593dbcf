import type { OutputOf } from '../../core/contract/index.ts'

/** A runtime process as `system.info` shows it. */
export type ProcessState = OutputOf<'system.info'>['processes'][number]
