import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify'
import { v7 } from 'uuid'
import { ERROR_STATUS, StudioError, type ErrorBody } from '../../../core/contract/errors.ts'
import { API_HEADERS } from './api-headers.ts'

/** Every failure in the one body of the contract, whichever layer noticed it. */
export function answerApiFailures(app: FastifyInstance, methodsAt: (path: string) => readonly string[]): void {
  app.setErrorHandler((cause: FastifyError | StudioError, request, reply) => {
    const error = cause instanceof StudioError ? cause : fromFastify(cause)
    if (!error) request.log.error({ err: cause, request_id: request.id }, 'a request failed unexpectedly')
    return sendError(reply, (error ?? unexpected(request.id)).body)
  })
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsAt(request.url.split('?', 1)[0] ?? '')
    if (methods.length === 0) {
      const error = new StudioError(
        'not_found',
        'There is nothing at this address.',
        'Every address is listed at /docs and in /openapi.json.',
      )
      return sendError(reply, error.body)
    }
    const error = new StudioError('unsupported', `This address takes ${methods.join(', ')}, not ${request.method}.`, 'See /docs.')
    return sendError(reply.header('allow', methods.join(', ')), error.body, 405)
  })
}

export function sendError(reply: FastifyReply, error: ErrorBody, status: number = ERROR_STATUS[error.code]): FastifyReply {
  // The rest of what was too large is not read.
  if (error.code === 'too_large') reply.header('connection', 'close')
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
  if (error.retry_after_ms !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(error.retry_after_ms / 1000)))
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ error: { ...error, request_id: reply.request.id } }))
}

/** Failures that are noticed before there is a route: an address or a request that is none, and one that takes too long to come. */
export const earlyApiFailures: Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> = {
  frameworkErrors: (cause, request, reply) => {
    reply.headers({ ...API_HEADERS, 'x-request-id': request.id })
    sendError(reply, (fromFastify(cause) ?? unexpected(request.id)).body)
  },
  clientErrorHandler: (cause, socket) => refuse(socket, cause.code),
}

const EARLY: Readonly<Record<string, readonly [status: string, why: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'its headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'it took too long to come'],
}

function refuse(socket: Socket, code: string): void {
  const [status, why] = EARLY[code] ?? ['400 Bad Request', 'it is not HTTP']
  const body = JSON.stringify({ error: { ...unreadable(why).body, request_id: v7() } })
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy()
}

/** What fastify refuses before a handler runs. */
function fromFastify({ statusCode, message }: FastifyError): StudioError | undefined {
  if (statusCode === 413) return new StudioError('too_large', 'The request is too large.', 'Send less at once.')
  if (statusCode === 415)
    return new StudioError('unsupported', 'The Content-Type is none.', 'Send JSON, with Content-Type: application/json.')
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? unreadable(message) : undefined
}

const unreadable = (why: string): StudioError =>
  new StudioError('malformed', `The request could not be read: ${why}.`, 'Send what /openapi.json says, as well-formed JSON.')

const unexpected = (request_id: string): StudioError =>
  new StudioError('internal', 'Something went wrong inside Greenroom.', `The server's log says more; look for ${request_id}.`)
