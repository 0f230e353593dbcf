import { StudioError } from '../../core/contract/errors.ts'

/** Who was asked, for words about it. */
export type Asked = Readonly<{
  name: string
  base_url: string
  /** Where its key comes from, such as `env:GROQ_API_KEY`; never the key. */
  key_reference: string | undefined
}>

/** Why a provider's list could not be had, in plain words; what it said itself is left out, as it may repeat the key. */
export function listFailure(asked: Asked, cause: unknown): StudioError {
  if (cause instanceof StudioError) return cause
  const { name, base_url, key_reference } = asked
  const failed = (message: string, hint: string) => new StudioError('provider_failed', message, hint, [], { cause })
  if (cause === 'silent')
    return failed(`${name} did not answer in time at ${base_url}.`, 'Try again; a local server may still be starting.')
  if (cause === 'unreadable')
    return failed(
      `What answers at ${base_url} gave no list of models.`,
      `Is it really ${name}? Look at the address, or type the model’s name.`,
    )
  const status = statusOf(cause)
  if (status === undefined)
    return failed(
      `Nothing answers at ${base_url} (${reason(cause)}).`,
      'Is the server running, and is the address right? Its model can be typed by name.',
    )
  if (status === 401 || status === 403)
    return failed(
      `${name} does not accept the key${key_reference ? ` of ${key_reference}` : ''} (${status}).`,
      'Paste the right key in Models & keys.',
    )
  if (status === 429) return new StudioError('rate_limited', `${name} refuses more requests for now (429).`, 'Wait a little.')
  if (status >= 500) return failed(`${name} has a fault of its own (${status}).`, 'Try again later.')
  return failed(`${name} gives no list of models at ${base_url} (${status}).`, 'Look at the address, or type the model’s name.')
}

const statusOf = (cause: unknown): number | undefined =>
  typeof cause === 'object' && cause !== null && 'status' in cause && typeof cause.status === 'number' ? cause.status : undefined

/** The innermost cause by its code: `fetch failed` alone says nothing, and messages may hold more than they should. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no connection'
  if (cause.cause !== undefined) return reason(cause.cause)
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no connection'
}
