import { ServerError } from 'livekit-server-sdk'
import { StudioError } from '../../core/contract/errors.ts'

/** Why a LiveKit server did not do what it was asked, in plain words. */
export function serverFailure(name: string, cause: unknown): StudioError {
  if (cause instanceof StudioError) return cause
  if (cause instanceof ServerError) return refused(name, cause)
  const reason = reasonOf(cause)
  if (reason === 'EOFFLINE') {
    return new StudioError(
      'unavailable',
      `Greenroom is offline, and the LiveKit server “${name}” is not on this machine.`,
      'Switch offline mode off in Settings, or use the local server.',
    )
  }
  const hung = cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')
  return new StudioError(
    'unavailable',
    hung
      ? `The LiveKit server “${name}” does not answer.`
      : `The LiveKit server “${name}” cannot be reached: ${WORDS[reason] ?? reason}.`,
    'Test the connection in Settings → LiveKit.',
  )
}

function refused(name: string, error: ServerError): StudioError {
  const { status, code } = error
  const message = withoutTokens(error.message)
  if (status === 404 || code === 'not_found') {
    return new StudioError(
      'not_found',
      `The LiveKit server “${name}” knows nothing of that: ${message}.`,
      'It may be over already.',
    )
  }
  if (status === 401 || status === 403) {
    return new StudioError(
      'media_failed',
      `The LiveKit server “${name}” refuses the API key or its secret.`,
      'Enter the keys of this server in Settings → LiveKit, or where Greenroom runs as LIVEKIT_API_KEY and LIVEKIT_API_SECRET.',
    )
  }
  return new StudioError(
    status >= 500 ? 'unavailable' : 'media_failed',
    `The LiveKit server “${name}” refused it: ${message} (${status}).`,
    'Test the connection in Settings → LiveKit.',
  )
}

/** Servers repeat what they refuse. */
const withoutTokens = (text: string): string => text.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…')

/** The test of the connection says more. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name is not known',
  ECONNREFUSED: 'nothing listens at its address',
  EHOSTUNREACH: 'there is no way to it from this network',
  ENETUNREACH: 'there is no way to it from this network',
  ECONNRESET: 'it hung up',
  UND_ERR_SOCKET: 'it hung up',
}

/** `fetch` says why only in its cause. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no reason given'
  const { cause: inner } = cause
  if (inner instanceof Error) return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.message
  return cause.message
}
