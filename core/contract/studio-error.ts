import type { ErrorBody, ErrorCode, Problem } from './errors.ts'

// Apart from the schemas of errors, so that a page can throw and catch them before it has loaded a validator.
/** What a caller can handle: what happened (`message`) and the way out (`hint`), both for people. */
export class StudioError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly problems: readonly Problem[]
  /** It may go better after so long. */
  readonly retry_after_ms: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    hint: string,
    problems: readonly Problem[] = [],
    { retry_after_ms, ...options }: { cause?: unknown; retry_after_ms?: number } = {},
  ) {
    super(message, options)
    this.name = 'StudioError'
    this.code = code
    this.hint = hint
    this.problems = problems
    this.retry_after_ms = retry_after_ms
  }

  get body(): ErrorBody {
    const { code, message, hint, retry_after_ms } = this
    return { code, message, hint, problems: [...this.problems], ...(retry_after_ms !== undefined && { retry_after_ms }) }
  }
}
