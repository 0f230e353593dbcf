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
  /** Spans that wait, that were taken, that were given up for want of room or time, and that the place refused. */
  waiting: z.int(),
  sent: z.int(),
  dropped: z.int(),
  failed: z.int(),
})

export const tracingOperations = {
  'tracing.status': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Where traces of this instance go, and how many were taken or dropped',
    rest: { method: 'GET', path: '/api/v1/tracing' },
    input: z.object({}),
    output: z.object({
      /** Whether this instance has a worker; one without traces nothing but direct calls of its own. */
      takes_calls: z.boolean(),
      targets: z.array(TraceTarget),
      /** What there is to know of an instance that traces nothing. */
      note: z.string().optional(),
    }),
  }),
} as const
