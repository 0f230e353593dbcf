import { APIError, APIStatusError, APITimeoutError } from '@livekit/agents'
import { StudioError, type ErrorBody, type ErrorCode } from '../../core/contract/errors.ts'
import { innermost, networkFailure, type NetworkFailure } from './network-failure.ts'
import { strike } from './strike.ts'

export type ProviderFailureContext = Readonly<{
  kind: 'stt' | 'llm' | 'tts'
  /** As shown to people. */
  name: string
  model?: string | undefined
  base_url?: string | undefined
  /** Where the key comes from, such as `env:OPENAI_API_KEY`; never the key. */
  key_reference?: string | undefined
  key_given?: boolean | undefined
  /** Struck out of every text that the provider wrote; shown nowhere. */
  keys?: readonly string[] | undefined
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

/** It ended well and said nothing: no word, no sound. */
export class EmptyAnswer extends Error {
  constructor(message = 'the answer was empty') {
    super(message)
    this.name = 'EmptyAnswer'
  }
}

/** One of several choices failed: what is told about that one. */
export class ChoiceFailed extends Error {
  readonly body: ErrorBody
  constructor(body: ErrorBody, cause: unknown) {
    super(body.message, { cause })
    this.name = 'ChoiceFailed'
    this.body = body
  }
}

/** What a person reads when a provider failed: what happened, why, and what to do; never a key. */
export function providerFailure(context: ProviderFailureContext, cause: unknown): ErrorBody {
  const told = failureOf(context, cause)
  const keys = context.keys ?? []
  return { ...told, message: strike(told.message, keys), hint: strike(told.hint, keys) }
}

function failureOf(context: ProviderFailureContext, cause: unknown): ErrorBody {
  if (cause instanceof StudioError || cause instanceof ChoiceFailed) return cause.body
  if (isTimeout(cause)) {
    return body('provider_failed', `${who(context)} did not answer in time`, 'Try again; a local model may still be loading.')
  }
  if (cause instanceof EmptyAnswer) return emptyFailure(context, cause)
  const status = statusOf(cause)
  if (status !== undefined) return statusFailure(context, status, cause)
  const network = networkFailure(cause)
  if (network && network !== 'dropped') return networkBody(context, network, cause)
  const text = cause instanceof Error ? cause.message : String(cause)
  if (
    cause instanceof SyntaxError ||
    (cause instanceof Error && cause.name === 'ZodError') ||
    /JSON|Unexpected token/.test(text)
  ) {
    return body(
      'provider_failed',
      `${who(context)} answered with something that cannot be read`,
      `${shortened(text)}. Does ${place(context)} really speak the protocol of ${context.name}?`,
    )
  }
  if (network === 'dropped')
    return body(
      'provider_failed',
      `${who(context)} broke off its answer`,
      `The connection was cut: ${shortened(text)}. Try again.`,
    )
  return body(
    'provider_failed',
    `Nothing answers at ${place(context)}`,
    `Is the server running, and is base_url right? (${reason(cause)})`,
  )
}

function networkBody(context: ProviderFailureContext, failure: NetworkFailure, cause: unknown): ErrorBody {
  const at = place(context)
  switch (failure) {
    case 'offline':
      return body(
        'unavailable',
        `Greenroom is offline: ${at} was not asked`,
        'Turn offline off in Settings, or put the agent on the built-in models.',
      )
    case 'unknown host':
      return body(
        'provider_failed',
        `There is no host ${hostOf(at)}`,
        `Is base_url right, and is this machine online? (${reason(cause)})`,
      )
    case 'not secure':
      return body(
        'provider_failed',
        `No secure connection to ${at}`,
        `Its certificate is not accepted, or it speaks http where https was asked. (${reason(cause)})`,
      )
    case 'no network':
      return body('provider_failed', `${at} cannot be reached`, `Is this machine online? (${reason(cause)})`)
    case 'refused':
    case 'dropped':
      return body(
        'provider_failed',
        `Nothing answers at ${at}`,
        `Is the server running, and is base_url right? (${reason(cause)})`,
      )
  }
}

const EMPTY = { stt: 'heard nothing', llm: 'answered with nothing', tts: 'made no sound' } as const

const emptyFailure = (context: ProviderFailureContext, cause: Error): ErrorBody =>
  body(
    'provider_failed',
    `${who(context)} ${EMPTY[context.kind]}`,
    `Try again; if it stays so, try another model or voice, or look at its log. (${cause.message})`,
  )

function statusFailure(context: ProviderFailureContext, status: number, cause: unknown): ErrorBody {
  const said = cause instanceof Error ? cause.message : ''
  if (status === 401 || status === 403) return keyFailure(context, status, said)
  if (status === 402)
    return body(
      'provider_failed',
      `${who(context)} has no credit left (402)`,
      `Top up the account of its key, or choose another provider. ${said}`,
    )
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
    `${reference ? 'Paste the right key in Models & keys.' : 'None was named for it: paste its key in Voice & models.'} ${said}`,
  )
}

const body = (code: ErrorCode, message: string, hint: string): ErrorBody => ({ code, message, hint: hint.trim(), problems: [] })
const KINDS = { stt: 'The STT', llm: 'The LLM', tts: 'The TTS' } as const
const who = ({ kind, name }: ProviderFailureContext) => `${KINDS[kind]} (${name})`
const place = ({ base_url, name }: ProviderFailureContext) => base_url || name
const hostOf = (address: string) => URL.parse(address)?.host || address

const isTimeout = (cause: unknown) =>
  cause instanceof APITimeoutError || cause instanceof SilentProvider || (cause instanceof Error && cause.name === 'TimeoutError')

/** LiveKit gives connection failures the status -1. */
function statusOf(cause: unknown): number | undefined {
  if (cause instanceof HttpFailure) return cause.status
  if (cause instanceof APIStatusError && cause.statusCode > 0) return cause.statusCode
  return undefined
}

/** The innermost cause: `fetch failed` alone says nothing. */
const reason = (cause: unknown): string => shortened(cause instanceof APIError && cause.body ? cause.message : innermost(cause))

const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text)
