import { isIP } from 'node:net'
import { StudioError } from '../../core/contract/errors.ts'
import { isLoopback } from '../runtime/network-guard.ts'

/** A server's address as it is used: ws:// or wss://, without a slash at its end. `warning`: what is better done otherwise. */
export type ServerAddress = Readonly<{ url: string; warning?: string }>

const SCHEMES: Readonly<Record<string, 'ws:' | 'wss:'>> = { 'ws:': 'ws:', 'http:': 'ws:', 'wss:': 'wss:', 'https:': 'wss:' }

/** Reads what people paste: with or without a scheme, https:// or wss://, with a slash or `/rtc` at its end. Throws `malformed`. */
export function parseServerAddress(text: string): ServerAddress {
  // A backslash is a folder of this machine, which the URL standard would read as a path.
  const url = text.includes('\\') ? null : URL.parse(withScheme(text.trim()))
  const scheme = url && SCHEMES[url.protocol]
  if (!url || !scheme || url.hostname === '') throw malformed('This is not the address of a server.')
  if (url.username !== '' || url.password !== '') {
    throw malformed('The address holds a name or a password.', 'Leave them out; API key and secret have fields of their own.')
  }
  if (url.hostname === 'cloud.livekit.io') {
    throw malformed(
      'This is the address of the LiveKit Cloud dashboard.',
      'Copy the project URL from its settings; it ends in .livekit.cloud.',
    )
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/rtc$/, '')
  const secure = scheme === 'wss:' || isCloud(url.hostname)
  const address = `${secure ? 'wss:' : 'ws:'}//${url.host}${path}`
  return secure || isLoopback(url.hostname) ? { url: address } : { url: address, warning: UNENCRYPTED }
}

/** The same server over HTTP, with `path` below it. */
export const httpAddress = (url: string, path = '/'): string => `${url.replace(/^ws/, 'http')}${path}`

const UNENCRYPTED =
  'The connection is not encrypted: whoever listens on the way can take its tokens. Use wss:// unless this is a network of your own.'

const isCloud = (hostname: string): boolean => hostname.endsWith('.livekit.cloud')

/** A bare name is meant with TLS; this machine, and a bare number, rarely have a certificate. */
function withScheme(text: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text
  const hostname = URL.parse(`ws://${text}`)?.hostname ?? ''
  return `${isLoopback(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) ? 'ws' : 'wss'}://${text}`
}

const malformed = (message: string, hint = 'Write it as wss://name.livekit.cloud or ws://127.0.0.1:7880.'): StudioError =>
  new StudioError('malformed', message, hint, [{ path: '/url', message }])
