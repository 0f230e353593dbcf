import { APIError, APIStatusError, APITimeoutError } from '@livekit/agents'
import { StudioError, type ErrorBody, type ErrorCode } from '../../core/contract/errors.ts'

export type ProviderFailureContext = Readonly<{
  kind: 'stt' | 'llm' | 'tts'
  /** As shown to people. */
  name: string
  model?: string | undefined
  base_url?: string | undefined
  /** Where the key comes from, such as `env:OPENAI_API_KEY`; never the key. */
  key_reference?: string | undefined
  key_given?: boolean | undefined
}>

/** An answer other than success over HTTP. */
export class HttpFailure extends Error {
  readonly status: number
  readonly retry_after_ms: number | undefined

  constructor(status: number, message: string, retry_after_ms?: number) {
    super(message)
    this.name = 'HttpFailure'
    this.status = status
    this.retry_after_ms = retry_after_ms
  }
}

/** The provider said nothing for too long. */
export class SilentProvider extends Error {
  readonly after_ms: number
  constructor(after_ms: number) {
    super(`nothing came for ${after_ms / 1000} s`)
    this.name = 'SilentProvider'
    this.after_ms = after_ms
  }
}

/** What a person reads when a provider failed: what happened, why, and what to do. */
export function providerFailure(context: ProviderFailureContext, cause: unknown): ErrorBody {
  if (cause instanceof StudioError) return cause.body
  if (isTimeout(cause)) {
    return body('provider_failed', `${who(context)} did not answer in time`, 'Try again; a local model may still be loading.')
  }
  const status = statusOf(cause)
  if (status !== undefined) return statusFailure(context, status, cause)
  const text = cause instanceof Error ? cause.message : String(cause)
  if (cause instanceof SyntaxError || /JSON|Unexpected token/.test(text)) {
    return body(
      'provider_failed',
      `${who(context)} answered with something that cannot be read`,
      `${text}. Is ${place(context)} really an OpenAI-compatible server?`,
    )
  }
  if (isDropped(cause))
    return body('provider_failed', `${who(context)} broke off its answer`, `The connection was cut: ${text}. Try again.`)
  return body(
    'provider_failed',
    `Nothing answers at ${place(context)}`,
    `Is the server running, and is base_url right? (${reason(cause)})`,
  )
}

function statusFailure(context: ProviderFailureContext, status: number, cause: unknown): ErrorBody {
  const said = cause instanceof Error ? cause.message : ''
  if (status === 401 || status === 403) return keyFailure(context, status, said)
  if (status === 429) {
    const wait = cause instanceof HttpFailure ? cause.retry_after_ms : undefined
    const failure = body(
      'rate_limited',
      `${who(context)} refuses more requests for now (429)`,
      `Wait a little, or raise the limit of your account. ${said}`,
    )
    return wait === undefined ? failure : { ...failure, retry_after_ms: wait }
  }
  if (status === 404) {
    return body(
      'provider_failed',
      `${who(context)} does not know ${context.model ? `the model "${context.model}"` : 'this address'} (404)`,
      `Choose another model in Voice & models, or mend base_url (${place(context)}). ${said}`,
    )
  }
  if (status >= 500)
    return body('provider_failed', `${who(context)} has a fault of its own (${status})`, `Try again later. ${said}`)
  return body('provider_failed', `${who(context)} refused the request (${status})`, said || 'Its log says more.')
}

function keyFailure(context: ProviderFailureContext, status: number, said: string): ErrorBody {
  const reference = context.key_reference
  if (reference && !context.key_given) {
    return body(
      'provider_failed',
      `${who(context)} needs a key, and ${reference} is empty`,
      `Paste the key in Models & keys, or set ${reference.replace(/^(env|secret):/, '')}.`,
    )
  }
  return body(
    'provider_failed',
    `${who(context)} does not accept the key${reference ? ` of ${reference}` : ''} (${status})`,
    `Paste the right key in Models & keys. ${said}`,
  )
}

const body = (code: ErrorCode, message: string, hint: string): ErrorBody => ({ code, message, hint: hint.trim(), problems: [] })
const KINDS = { stt: 'The STT', llm: 'The LLM', tts: 'The TTS' } as const
const who = ({ kind, name }: ProviderFailureContext) => `${KINDS[kind]} (${name})`
const place = ({ base_url, name }: ProviderFailureContext) => base_url ?? name

const isTimeout = (cause: unknown) =>
  cause instanceof APITimeoutError || cause instanceof SilentProvider || (cause instanceof Error && cause.name === 'TimeoutError')

/** LiveKit gives connection failures the status -1. */
function statusOf(cause: unknown): number | undefined {
  if (cause instanceof HttpFailure) return cause.status
  if (cause instanceof APIStatusError && cause.statusCode > 0) return cause.statusCode
  return undefined
}

const isDropped = (cause: unknown) =>
  cause instanceof Error &&
  /\bterminated|premature|aborted|socket hang up|ECONNRESET|other side closed/i.test(`${cause.message} ${reason(cause)}`)

/** The innermost cause: `fetch failed` alone says nothing. */
function reason(cause: unknown): string {
  if (cause instanceof APIError && cause.body) return cause.message
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause === undefined ? cause.message || cause.name : reason(cause.cause)
}
