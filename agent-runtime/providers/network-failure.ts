/** Why no answer came from the network at all, as far as Node tells it. */
export type NetworkFailure = 'offline' | 'refused' | 'unknown host' | 'not secure' | 'dropped' | 'no network'

/** Looks through the whole chain of causes: `fetch failed` alone says nothing, and SDKs wrap what they got. */
export function networkFailure(cause: unknown): NetworkFailure | undefined {
  for (const one of causesOf(cause)) {
    const { code = '', message } = one
    const found = KINDS.find(([, codes, words]) => codes.test(code) || words.test(message))
    if (found) return found[0]
  }
  return undefined
}

/** Codes first; words for libraries that keep only the text. */
const KINDS: readonly (readonly [NetworkFailure, RegExp, RegExp])[] = [
  ['offline', /^EOFFLINE$/, /\bEOFFLINE\b/],
  ['refused', /^ECONNREFUSED$/, /\bECONNREFUSED\b/],
  ['unknown host', /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/, /\b(ENOTFOUND|EAI_AGAIN|getaddrinfo)\b/],
  [
    'not secure',
    /^(ERR_SSL_|ERR_TLS_|EPROTO|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)_)/,
    /\b(self[- ]signed|unable to (verify|get)\b.*certificate|certificate has expired|altnames?|wrong version number|SSL routines)/i,
  ],
  ['no network', /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, /\b(ENETUNREACH|EHOSTUNREACH|ENETDOWN)\b/],
  [
    'dropped',
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)$/,
    /\bterminated|premature|\baborted\b|socket hang up|ECONNRESET|other side closed|closed before|Unexpected end of stream/i,
  ],
]

type Cause = Readonly<{ code?: string; message: string }>

/** From the outermost to the innermost. An attempt on several addresses has its causes side by side. */
function causesOf(cause: unknown, depth = 0): Cause[] {
  if (!(cause instanceof Error) || depth > 8) return []
  const code: unknown = 'code' in cause ? cause.code : undefined
  const inner: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause.cause]
  return [
    { ...(typeof code === 'string' ? { code } : {}), message: cause.message },
    ...inner.flatMap((one) => causesOf(one, depth + 1)),
  ]
}

/** The innermost cause in its own words. */
export function innermost(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause.cause
  return inner === undefined || inner === null ? cause.message || cause.name : innermost(inner)
}
