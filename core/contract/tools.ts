import * as z from 'zod'
import { ErrorBody } from './errors.ts'
import { operation } from './operation.ts'

/** What went out and what came back. Secrets are struck out of all of it. */
export const ToolTry = z.object({
  outcome: z.enum(['ok', 'failed', 'timeout']),
  status: z.int().optional(),
  /** What the LLM would be told. */
  result: z.json().optional(),
  error: ErrorBody.optional(),
  duration_ms: z.number(),
})
export type ToolTry = Readonly<z.infer<typeof ToolTry>>

export const toolOperations = {
  'tool.try': operation({
    kind: 'job',
    role: 'developer',
    audit: 'agent',
    summary: 'Run an HTTP tool once, for real, with arguments of one’s own',
    input: z.object({
      /** As it stands in the document. */
      tool: z.record(z.string(), z.json()),
      arguments: z.record(z.string(), z.json()).default({}),
      variables: z.record(z.string(), z.json()).default({}),
    }),
    output: ToolTry,
  }),
} as const
