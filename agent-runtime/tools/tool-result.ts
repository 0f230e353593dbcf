import type { ErrorBody } from '../../core/contract/errors.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import type { Json } from '../../core/json.ts'

export type ToolOutcome = Extract<JournalBody, { type: 'tool.done' }>['outcome']

/** What came of one call. `result` is what the LLM is told. */
export type ToolResult = Readonly<{ outcome: ToolOutcome; result: Json; error?: ErrorBody; status?: number }>

/** A failure is told to the LLM in words, so that it can tell the caller, ask again, or try something else. */
export const failed = (message: string, hint: string, more: Partial<ToolResult> = {}): ToolResult => ({
  outcome: 'failed',
  result: { error: message },
  error: { code: 'provider_failed', message, hint, problems: [] },
  ...more,
})

export const cancelled = (): ToolResult => ({
  outcome: 'cancelled',
  result: { error: 'The caller interrupted; nobody waited for the result. What it had done by then is not known.' },
})

export const isFailure = ({ outcome }: Pick<ToolResult, 'outcome'>): boolean => outcome !== 'ok' && outcome !== 'mocked'
