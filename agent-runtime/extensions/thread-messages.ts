import * as z from 'zod'
import { ExtensionReport } from '../../core/extension/extension-report.ts'

const Values = z.record(z.string(), z.json())

/** Of the call that something is asked for. */
export const ThreadCall = z.object({
  session_id: z.string(),
  tenant_id: z.string(),
  agent_id: z.string(),
  agent_name: z.string(),
  agent_type: z.string(),
  modality: z.enum(['voice', 'text']),
  variables: Values,
})
export type ThreadCall = z.infer<typeof ThreadCall>

/** What the thread of the extensions is asked. */
export const ToThread = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hook'),
    id: z.int(),
    hook: z.enum(['onEnter', 'beforeTurn', 'afterTurn', 'onEvent']),
    call: ThreadCall,
    given: z.json(),
  }),
  z.object({ type: z.literal('tool'), id: z.int(), tool: z.string(), call: ThreadCall, given: Values }),
  /** Whether it still gives back control. */
  z.object({ type: z.literal('ping'), id: z.int() }),
  z.object({ type: z.literal('over'), session_id: z.string() }),
  z.object({ type: z.literal('offline'), on: z.boolean() }),
])
export type ToThread = z.infer<typeof ToThread>

/** `where`: file and line, as far as they are known. */
export const ThreadFailure = z.object({ message: z.string(), where: z.string().optional() })
export type ThreadFailure = z.infer<typeof ThreadFailure>

export const FromThread = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loaded'), report: ExtensionReport }),
  z.object({ type: z.literal('done'), id: z.int(), value: z.json() }),
  z.object({ type: z.literal('failed'), id: z.int(), failure: ThreadFailure }),
])
export type FromThread = z.infer<typeof FromThread>
