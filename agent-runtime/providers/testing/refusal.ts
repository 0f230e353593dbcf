import type { IncomingMessage } from 'node:http'
import type { Fault } from './fault.ts'

/** What a refusal looks like, for HTTP and for the handshake of a WebSocket. */
export function refusal(fault: Fault | undefined, { headers, url }: IncomingMessage) {
  const status = Number(/^status_(\d+)$/.exec(fault ?? '')?.[1])
  if (!status) return undefined
  const message = `${REASONS[status] ?? `The server had an error (${status}).`} Your key: ${keyIn(headers, url ?? '/')}`
  const body = JSON.stringify({ error: { message, type: 'error', code: null } })
  return { status, body, headers: { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '7' } : {}) } }
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Incorrect API key provided.',
  402: 'You have no credit left.',
  429: 'Rate limit reached for requests.',
}

function keyIn(headers: IncomingMessage['headers'], url: string): string {
  const named = ['authorization', 'x-api-key', 'xi-api-key', 'x-goog-api-key', 'api-key'].map((name) =>
    String(headers[name] ?? ''),
  )
  const query = new URL(url, 'http://localhost').searchParams
  const asked = ['key', 'api_key', 'token', 'access_token'].map((name) => query.get(name) ?? '')
  return [...named, ...asked].find((key) => key !== '')?.replace(/^(Bearer|Token) /i, '') ?? 'none'
}
