import type { ToRuntime } from '../../core/contract/runtime.ts'
import type { ToolTry } from '../../core/contract/tools.ts'
import { askProcess } from './ask-process.ts'
import type { ProcessGroup, SessionPool } from './session-pool.ts'

export type ToolTrial = Omit<Extract<ToRuntime, { type: 'tool.try' }>, 'type' | 'check_id'>

/** Runs a tool once in a session process, outside of any call; what the other side does wrong stands in the answer. */
export type TryTool = (trial: ToolTrial, signal: AbortSignal, group?: ProcessGroup) => Promise<ToolTry>

/** A tool has a timeout of its own, at most two minutes. */
const WITHIN_MS = 150_000

export const createTryTool =
  (pool: Pick<SessionPool, 'acquireCheck'>): TryTool =>
  (trial, signal, group) =>
    askProcess<ToolTry>(pool, {
      name: 'trial',
      message: (check_id) => ({ type: 'tool.try', check_id, ...trial }),
      read: (message) => (message.type === 'tool.tried' ? message.tried : undefined),
      signal,
      within_ms: WITHIN_MS,
      group,
    })
