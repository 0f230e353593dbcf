import { expect, test } from 'vitest'
import { brokenBy, closedWith, neverRegistered, refusedWith } from './loss.ts'

const error = (message: string, code?: string) => Object.assign(new Error(message), code === undefined ? {} : { code })

test.each([
  [401, 'invalid API key: devkey', 'failed', 'The server does not know this API key (401).'],
  [
    401,
    'invalid token: eyJh, error: token signature is invalid',
    'failed',
    'The API secret does not belong to this API key (401).',
  ],
  [
    401,
    'token has invalid claims: token is expired',
    'failed',
    "The clock of this machine and the server's differ too much (401).",
  ],
  [401, 'token is not valid yet', 'failed', "The clock of this machine and the server's differ too much (401)."],
  [401, 'no permissions to access the room', 'failed', 'This API key may not register agents (401).'],
  [403, '', 'failed', 'The server refuses the API key or secret (403).'],
  [404, '404 page not found', 'failed', 'There is no LiveKit server at a:1, or it takes no agents: it answers with 404.'],
  [400, 'Client sent an HTTP request to an HTTPS server.', 'failed', 'a:1 wants an encrypted connection: use wss://.'],
  [308, '', 'failed', 'a:1 leads to another address (308): use that one.'],
  [429, '', 'lost', 'a:1 says that there were too many requests (429).'],
  [502, '<html>', 'lost', 'a:1 answers with an error (502).'],
] as const)('%i %s', (status, body, state, reason) => {
  expect(refusedWith(status, body, 'a:1')).toEqual({ state, reason })
})

test.each([
  [error('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), 'lost', 'Nothing answers at a:1: is the server running?'],
  [
    error('getaddrinfo ENOTFOUND a', 'ENOTFOUND'),
    'lost',
    'The name in a:1 is not known: is the address right, and is there a network?',
  ],
  [error('connect ENETUNREACH', 'ENETUNREACH'), 'lost', 'There is no way to a:1: is there a network?'],
  [error('socket hang up', 'ECONNRESET'), 'lost', 'The connection to a:1 could not be opened.'],
  [error('something new'), 'lost', 'The connection to a:1 could not be opened.'],
  [error('certificate has expired', 'CERT_HAS_EXPIRED'), 'failed', 'The certificate of a:1 has expired.'],
  [error('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'failed', 'The certificate of a:1 is not trusted here.'],
  [
    error("Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID'),
    'failed',
    'The certificate of a:1 is for another name.',
  ],
  [error('SSL routines:wrong version number', 'EPROTO'), 'failed', 'a:1 does not speak TLS: use ws://, or a port that does.'],
] as const)('%s', (cause, state, reason) => {
  expect(brokenBy(cause, 'a:1', false)).toEqual({ state, reason })
})

test('after the registration a broken connection is lost, whatever broke it', () => {
  const lost = { state: 'lost', reason: 'The connection to the server was lost.' }
  expect(brokenBy(error('read ECONNRESET', 'ECONNRESET'), 'a:1', true)).toEqual(lost)
  expect(closedWith(true, 'a:1')).toEqual(lost)
  expect(closedWith(false, 'a:1').state).toBe('lost')
  expect(neverRegistered('a:1', true).state).toBe('failed')
  expect(neverRegistered('a:1', false).state).toBe('lost')
})
