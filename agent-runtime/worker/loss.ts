/**
 * Why a registration is not there, in plain words. Threat: a LiveKit server that refuses a token repeats it whole in its answer, so what a
 * server wrote is only looked at here, and never told on.
 */
import { networkFailure } from '../providers/network-failure.ts'

/** `failed`: refused, and nothing changes before somebody mends it. `lost`: may come back by itself. */
export type Loss = Readonly<{ state: 'lost' | 'failed'; reason: string }>

const lost = (reason: string): Loss => ({ state: 'lost', reason })
const failed = (reason: string): Loss => ({ state: 'failed', reason })

export const notAnAddress = (): Loss => failed('The address of the server is not one: it must begin with ws:// or wss://.')

/** The server answered the request for a WebSocket with something else. */
export function refusedWith(status: number, body: string, host: string): Loss {
  if (status === 401 || status === 403) return failed(refusedKeys(body, status))
  if (/HTTP request to an HTTPS server/i.test(body)) return failed(`${host} wants an encrypted connection: use wss://.`)
  if (status === 429) return lost(`${host} says that there were too many requests (429).`)
  if (status >= 500) return lost(`${host} answers with an error (${status}).`)
  if (status >= 300 && status < 400) return failed(`${host} leads to another address (${status}): use that one.`)
  return failed(`There is no LiveKit server at ${host}, or it takes no agents: it answers with ${status}.`)
}

function refusedKeys(body: string, status: number): string {
  if (/invalid API key/i.test(body)) return `The server does not know this API key (${status}).`
  if (/signature/i.test(body)) return `The API secret does not belong to this API key (${status}).`
  if (/expired|not valid yet|before issued/i.test(body)) {
    return `The clock of this machine and the server's differ too much (${status}).`
  }
  if (/no permission/i.test(body)) return `This API key may not register agents (${status}).`
  return `The server refuses the API key or secret (${status}).`
}

/** What became of the attempt to connect, or of the connection. */
export function brokenBy(cause: Error, host: string, registered: boolean): Loss {
  switch (networkFailure(cause)) {
    case 'offline':
      return lost('Offline mode is on: nothing is connected beyond this machine.')
    case 'refused':
      return lost(`Nothing answers at ${host}: is the server running?`)
    case 'unknown host':
      return lost(`The name in ${host} is not known: is the address right, and is there a network?`)
    case 'not secure':
      return failed(notSecure(cause, host))
    case 'no network':
      return lost(`There is no way to ${host}: is there a network?`)
    case 'dropped':
    case undefined:
      return registered ? connectionLost() : lost(`The connection to ${host} could not be opened.`)
  }
}

function notSecure({ message }: Error, host: string): string {
  if (/wrong version number|packet length too long|http request/i.test(message)) {
    return `${host} does not speak TLS: use ws://, or a port that does.`
  }
  if (/expired/i.test(message)) return `The certificate of ${host} has expired.`
  if (/altname|does not match/i.test(message)) return `The certificate of ${host} is for another name.`
  return `The certificate of ${host} is not trusted here.`
}

/** Closed by the other side; before the registration also by a server that is just going down. */
export const closedWith = (registered: boolean, host: string): Loss =>
  registered ? connectionLost() : lost(`${host} closed the connection before the worker was registered.`)

const connectionLost = (): Loss => lost('The connection to the server was lost.')

export const notLiveKit = (host: string): Loss => failed(`What answers at ${host} does not speak as a LiveKit server does.`)

export const neverRegistered = (host: string, open: boolean): Loss => (open ? notLiveKit(host) : lost(`${host} does not answer.`))

export const silent = (host: string): Loss => lost(`${host} has not answered for a while.`)
