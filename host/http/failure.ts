import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import { v7 } from 'uuid'
import { ERROR_STATUS, StudioError, type ErrorBody } from '../../core/contract/errors.ts'
import { notLoggedIn, otherAddress } from './login-page.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

type FailureOptions = Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'>

/** Failures that are noticed before there is a route: an address or a request that is none. */
export const earlyFailures: FailureOptions = {
  frameworkErrors: (cause, request, reply) => {
    reply.headers(SECURITY_HEADERS)
    sendFailure(reply, { ...(fromFastify(cause) ?? unexpected(request.id)).body, request_id: request.id })
  },
  clientErrorHandler: (_cause, socket) => {
    const body = JSON.stringify({ error: { ...unreadable('it is not HTTP').body, request_id: v7() } })
    const head = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`
    if (socket.writable) socket.write(`${head}\r\n\r\n${body}`)
    socket.destroy()
  },
}

/** Every failure in the one body, whichever layer noticed it; a person who opened an address gets a page instead. */
export function answerFailures(app: FastifyInstance, origin: () => string): void {
  app.setErrorHandler((cause: FastifyError | StudioError, request, reply) => {
    const error = cause instanceof StudioError ? cause : fromFastify(cause)
    if (!error) request.log.error({ err: cause, request_id: request.id }, 'a request failed unexpectedly')
    const body: ErrorBody = { ...(error ?? unexpected(request.id)).body, request_id: request.id }
    if (wantsPage(request) && body.code === 'unauthorized') return sendPage(reply, 401, notLoggedIn())
    if (wantsPage(request) && body.code === 'forbidden') return sendPage(reply, 403, otherAddress(origin()))
    return sendFailure(reply, body)
  })
  app.setNotFoundHandler((request, reply) => {
    const error = new StudioError('not_found', 'There is nothing at this address.', `The studio is at ${origin()}.`)
    return sendFailure(reply, { ...error.body, request_id: request.id })
  })
}

export function sendFailure(reply: FastifyReply, error: ErrorBody): FastifyReply {
  // The rest of what was too large is not read.
  if (error.code === 'too_large') reply.header('connection', 'close')
  return reply.code(ERROR_STATUS[error.code]).header('cache-control', 'no-store').send({ error })
}

const sendPage = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)

const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/html')

/** What fastify refuses before a handler runs. */
function fromFastify(cause: FastifyError): StudioError | undefined {
  if (cause.statusCode === 413) return new StudioError('too_large', 'The request is too large.', 'Send less at once.')
  if (cause.statusCode === 415)
    return new StudioError('unsupported', 'This kind of content is not taken here.', 'Send JSON (application/json).')
  if (cause.statusCode !== undefined && cause.statusCode >= 400 && cause.statusCode < 500) {
    return unreadable(cause.message)
  }
  return undefined
}

const unreadable = (why: string): StudioError =>
  new StudioError('malformed', `The request could not be read: ${why}`, 'Send what the contract says, as well-formed JSON.')

const unexpected = (request_id: string): StudioError =>
  new StudioError(
    'internal',
    'Something went wrong inside Greenroom.',
    `The log (of a studio in its data folder) says more; look for ${request_id}.`,
  )
