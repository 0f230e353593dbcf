import * as z from 'zod'

/** The closed set of things a caller can handle. Anything else is a bug and reaches the caller as `internal`. */
export const ERROR_STATUS = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported: 415,
  invalid_document: 422,
  rate_limited: 429,
  quota_exceeded: 429,
  cancelled: 499,
  internal: 500,
  provider_failed: 502,
  media_failed: 502,
  runtime_failed: 502,
  unavailable: 503,
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof ERROR_STATUS
export const ErrorCode = z.custom<ErrorCode>(
  (code) => typeof code === 'string' && Object.hasOwn(ERROR_STATUS, code),
  'must be an error code',
)

/** One thing wrong with an input; `path` is a JSON pointer (RFC 6901), empty for the whole. */
export const Problem = z.object({ path: z.string(), message: z.string() })
export type Problem = Readonly<z.infer<typeof Problem>>

/** The one body of every error, on every transport. */
export const ErrorBody = z.object({
  code: ErrorCode,
  message: z.string(),
  hint: z.string(),
  problems: z.array(Problem),
  request_id: z.string().optional(),
  retry_after_ms: z.int().optional(),
})
export type ErrorBody = Readonly<z.infer<typeof ErrorBody>>

export { StudioError } from './studio-error.ts'

/** JSON pointer of a path as zod reports it. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export const toProblems = (error: z.ZodError): Problem[] =>
  error.issues.map((issue) => ({ path: toPointer(issue.path), message: inPlainWords(issue.message) }))

/** What is not there is missing, and no input of a wrong kind. */
const inPlainWords = (message: string): string =>
  message.replace(/^Invalid input: expected (.+), received undefined$/, 'is missing ($1)')
