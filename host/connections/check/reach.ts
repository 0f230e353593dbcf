import type { Found } from './found.ts'

/** What a server said to one GET, as far as it matters here. */
export type Answered = Readonly<{ status: number; text: string; type: string; server: string; date: string | null; at: number }>
export type Answer = Answered | Readonly<{ failure: Failure }>
type Failure = Readonly<{ code: string; message: string }>

const WITHIN_MS = 6_000
const MOST_TEXT = 2_000

/** One GET; a server that hangs is given up. Rejects only with the reason of `signal`. */
export async function ask(address: string, signal: AbortSignal): Promise<Answer> {
  const began = Date.now()
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
    const response = await fetch(address, { redirect: 'manual', signal: patience })
    const at = (began + Date.now()) / 2
    const text = await beginningOf(response)
    const header = (name: string) => response.headers.get(name) ?? ''
    const { status, headers } = response
    return { status, text, type: header('content-type'), server: header('server'), date: headers.get('date'), at }
  } catch (cause) {
    signal.throwIfAborted()
    return { failure: failureOf(cause) }
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return ''
  const chunks: AsyncIterable<Uint8Array> = body
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MOST_TEXT) break
  }
  return text.slice(0, MOST_TEXT)
}

/** `fetch` says why only in its cause, sometimes one of several. */
function failureOf(cause: unknown): Failure {
  if (!(cause instanceof Error)) return { code: '', message: String(cause) }
  if (cause.name === 'TimeoutError') return { code: 'TIMEOUT', message: cause.message }
  if (cause.cause !== undefined) return failureOf(cause.cause)
  if (cause instanceof AggregateError && cause.errors.length > 0) return failureOf(cause.errors[0])
  return { code: 'code' in cause ? String(cause.code) : '', message: cause.message }
}

export function reachStep(url: string, answer: Answer): Found {
  const { host, hostname, protocol } = new URL(url)
  if (!('failure' in answer)) return { step: { state: 'ok', detail: `${host} answers.` } }
  const [detail, hint] = wordsOf(answer.failure, host, hostname, protocol === 'wss:')
  return { step: { state: 'failed', detail, hint }, stop: true }
}

function wordsOf({ code, message }: Failure, host: string, hostname: string, secure: boolean): readonly [string, string] {
  const tls = tlsWords(code, message, host, hostname)
  if (tls) return tls
  switch (code) {
    case 'EOFFLINE':
      return [
        `Greenroom is offline, and ${host} is not on this machine.`,
        'Switch offline mode off in Settings, or use the local server.',
      ]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`The name ${hostname} is not known.`, 'Look for a typing mistake, and whether this machine is online.']
    case 'ECONNREFUSED':
      return [`Nothing listens at ${host}.`, 'Is the server running, and is this its port?']
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [`There is no way to ${host} from this network.`, 'Look at the network, a VPN, or the address.']
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return [
        `${host} hangs up before it answers.`,
        secure ? 'Perhaps it is not meant for TLS: try ws://.' : 'Perhaps it wants TLS: try wss://.',
      ]
    case 'TIMEOUT':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return [`${host} does not answer within ${WITHIN_MS / 1000} s.`, 'A firewall may be in the way, or the server hangs.']
    default:
      return [`${host} cannot be reached (${message}).`, 'Look at the address and the network.']
  }
}

/** Undefined: it is not about TLS. */
function tlsWords(code: string, message: string, host: string, hostname: string): readonly [string, string] | undefined {
  const ownCa = 'Give it a certificate of a known authority, or name yours in NODE_EXTRA_CA_CERTS and start Greenroom again.'
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code)) {
    return [`The certificate of ${host} was not issued by anybody whom this machine trusts (self-signed?).`, ownCa]
  }
  if (code === 'CERT_HAS_EXPIRED') return [`The certificate of ${host} has expired.`, 'Renew it on the server.']
  if (code === 'CERT_NOT_YET_VALID') return [`The certificate of ${host} is not valid yet.`, "Look at this machine's clock."]
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return [`The certificate is not for ${hostname}.`, 'Use the name that the certificate was made for.']
  }
  if (code === 'EPROTO' || /SSL|TLS|wrong version number/i.test(code + message)) {
    return [`${host} does not speak TLS there.`, 'Try ws:// instead of wss://, or the port that TLS is on.']
  }
  return undefined
}
