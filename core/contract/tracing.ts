import * as z from 'zod'
import { Millis } from './ids.ts'
import { operation } from './operation.ts'

/** How a place does that takes traces. Its keys are not shown. */
export const TraceTarget = z.object({
  /** Address. */
  target: z.string(),
  state: z.enum(['ok', 'down']),
  since: Millis,
  /** Why it is down, in plain words. */
  reason: z.string().optional(),
  /** Spans that wait, that were taken, and that were given up. */
  waiting: z.int(),
  sent: z.int(),
  dropped: z.int(),
})

export const tracingOperations = {
  'tracing.status': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Where traces of this instance go, and how many were taken or dropped',
    rest: { method: 'GET', path: '/api/v1/tracing' },
    input: z.object({}),
    output: z.object({ targets: z.array(TraceTarget) }),
  }),
} as const
