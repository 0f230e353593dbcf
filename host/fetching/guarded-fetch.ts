/**
 * Requests of the host to addresses that tenants name. Threat: see address-rule.ts; besides, a redirect that leads where the first address
 * did not, a server that answers for ever, and names and passwords in an address. Each hop is checked anew, an answer has a size and a
 * time, and the connection is not shared with requests of anybody else.
 */
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { StudioError } from '../../core/contract/errors.ts'
import type { AddressRule } from './address-rule.ts'
import { checkedLookup, type LookUp } from './checked-lookup.ts'
import { RefusedAddress } from './refused-address.ts'

export type GuardedRequest = Readonly<{
  method?: 'GET' | 'HEAD' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array<ArrayBuffer>
  /** How many redirects are followed (GET and HEAD alone; others get the answer that tells of it). Default 0. */
  redirects?: number
  signal: AbortSignal
}>

/** `body`: the beginning of the answer, at most `most_bytes`. */
export type GuardedResponse = Readonly<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }>

/**
 * Rejects with RefusedAddress for where nobody may reach, with `malformed` for what is no http(s) address, with the signal's reason, and
 * with the network's own failures.
 */
export type GuardedFetch = (address: string | URL, request: GuardedRequest) => Promise<GuardedResponse>

export type GuardedFetchOptions = Readonly<{
  rule: AddressRule
  /** Absent: the system's. */
  lookUp?: LookUp
  most_bytes?: number
}>

const MOST_BYTES = 1024 * 1024

export function createGuardedFetch({ rule, lookUp, most_bytes = MOST_BYTES }: GuardedFetchOptions): GuardedFetch {
  const lookup = checkedLookup(rule, lookUp)
  return async function ask(address, request): Promise<GuardedResponse> {
    const url = readAddress(address)
    requireAddress(rule, url)
    const response = await send(url, request, lookup, most_bytes)
    const { redirects = 0, method = 'GET' } = request
    const { location } = response.headers
    const leads = response.status >= 301 && response.status <= 308 && response.status !== 304 && location !== undefined
    if (!leads || redirects < 1 || method === 'POST') return response
    const next = new URL(location, url)
    // What was meant for one server is not shown to another one.
    const headers = next.origin === url.origin ? request.headers : undefined
    const { headers: _, ...others } = request
    return ask(next, { ...others, ...(headers && { headers }), redirects: redirects - 1 })
  }
}

/** Throws `malformed`. */
function readAddress(address: string | URL): URL {
  const url = URL.parse(String(address))
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && isForHttp(url.port)) return url
  throw new StudioError(
    'malformed',
    'This is no address that can be asked.',
    'Write it as https://… without a name or a password.',
  )
}

/** Ports of other protocols, whose servers may take a request for something else (as the Fetch Standard's list of bad ports). */
const OF_OTHERS: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
])
function isForHttp(port: string): boolean {
  const number = Number(port)
  return port === '' || number === 80 || number === 443 || (number >= 1024 && !OF_OTHERS.has(number))
}

/** A name is checked when it was looked up; an address stands for itself, however it was spelled. */
function requireAddress(rule: AddressRule, { hostname }: URL): void {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare) === 0) return
  const kind = rule(bare)
  if (kind !== undefined) throw new RefusedAddress(bare, kind)
}

function send(
  url: URL,
  { method = 'GET', headers, body, signal }: GuardedRequest,
  lookup: LookupFunction,
  most_bytes: number,
): Promise<GuardedResponse> {
  const module = url.protocol === 'https:' ? https : http
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { method, headers: { ...headers, ...length }, lookup, signal, agent: false, autoSelectFamily: true }
  return new Promise((resolve, reject) => {
    const request = module.request(url, options, (response) => {
      const { statusCode: status = 0, headers: answered } = response
      readBody(response, most_bytes).then((read) => resolve({ status, headers: answered, body: read }), reject)
    })
    request.on('error', (cause) => reject(signal.aborted && signal.reason instanceof Error ? signal.reason : cause))
    request.end(body)
  })
}

async function readBody(response: IncomingMessage, most_bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    chunks.push(bytes.subarray(0, Math.max(0, most_bytes - size)))
    size += bytes.length
    if (size >= most_bytes) break
  }
  response.destroy()
  return Buffer.concat(chunks)
}
