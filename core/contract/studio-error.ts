import type { ErrorBody, ErrorCode, Problem } from './errors.ts'

// Apart from the schemas of errors, so that a page can throw and catch them before it has loaded a validator.
/** What a caller can handle: what happened (`message`) and the way out (`hint`), both for people. */
export class StudioError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly problems: readonly Problem[]

  constructor(code: ErrorCode, message: string, hint: string, problems: readonly Problem[] = [], options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StudioError'
    this.code = code
    this.hint = hint
    this.problems = problems
  }

  get body(): ErrorBody {
    return { code: this.code, message: this.message, hint: this.hint, problems: [...this.problems] }
  }
}
