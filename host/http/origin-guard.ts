/*
 * Threat model: any web page that the person visits can send requests to 127.0.0.1. A page that rebinds its own name to 127.0.0.1 shows
 * by its Host header; a page of another origin (another port included, whose requests do carry our cookie) shows by its Origin header,
 * which browsers always send with POST and with WebSockets. A request without credentials gets nothing.
 */
import type { IncomingMessage } from 'node:http'
import { LOCAL_TENANT, LOCAL_USER, type Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { sameText, type Login } from './login.ts'

export type OriginGuard = Readonly<{
  /** Throws `forbidden` unless the request was meant for this very address. */
  requireHost: (request: IncomingMessage) => void
  /** Who asks. Throws `unauthorized` without a login, `forbidden` for another origin. */
  identify: (request: IncomingMessage) => Caller
  isLoggedIn: (request: IncomingMessage) => boolean
  cookieName: () => string
}>

/** The port is asked for at each request: it is known only once the server listens. */
export function createOriginGuard(port: () => number, token: string, login: Login): OriginGuard {
  const host = () => `127.0.0.1:${port()}`
  const origin = () => `http://${host()}`
  const cookieName = () => `greenroom-${port()}`
  const hasCookie = (request: IncomingMessage) => {
    const value = readCookie(request.headers.cookie, cookieName())
    return value !== undefined && login.isLoggedIn(value)
  }
  return {
    cookieName,
    isLoggedIn: hasCookie,
    requireHost: (request) => {
      if (request.headers.host !== host())
        throw new StudioError('forbidden', 'This address is not the studio’s.', `Open ${origin()} instead.`)
    },
    identify: (request) => {
      const asked = request.headers.origin
      if (asked !== undefined && asked !== origin()) throw otherOrigin()
      const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
      if (bearer !== undefined) {
        if (!sameText(bearer, token)) throw unauthorized()
        return { ...LOCAL, via: 'cli' }
      }
      if (!hasCookie(request)) throw unauthorized()
      const changes = request.method !== 'GET' && request.method !== 'HEAD'
      const isSocket = request.headers.upgrade !== undefined
      if (asked === undefined && (changes || isSocket)) throw otherOrigin()
      return { ...LOCAL, via: 'page' }
    },
  }
}

/** The one person at this machine may do everything in the one tenant of a data folder. */
const LOCAL = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'admin' } as const

const unauthorized = (): StudioError =>
  new StudioError(
    'unauthorized',
    'This browser is not logged in to the studio.',
    'Start Greenroom again: it opens the studio, or prints a link that works once.',
  )

const otherOrigin = (): StudioError =>
  new StudioError('forbidden', 'This request comes from another page than the studio.', 'Use the studio’s own page.')

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
