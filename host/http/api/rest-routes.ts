import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { StudioError } from '../../../core/contract/errors.ts'
import type { Caller } from '../../../core/contract/caller.ts'
import type { Reply } from '../../../core/contract/index.ts'
import type { DispatchContext } from '../../dispatch.ts'
import { sendError } from './api-failure.ts'
import { isPlain } from './json-body.ts'
import { createReplyWriter } from './reply-writer.ts'
import { inputReader } from './read-input.ts'
import type { RestRow } from './rest-table.ts'

/** Who came in. `headers` are of the answer, whatever it is; `refused` has to be the answer where it stands. */
export type Entry = Readonly<{ caller: Caller; headers: Readonly<Record<string, string>>; refused?: StudioError }>
export type Enter = (headers: IncomingHttpHeaders, remote_address: string | undefined) => Promise<Entry>

/** As much of `Dispatch` as a route needs: it knows its operation as text. */
export type AskOperation = (caller: Caller, name: string, input: unknown, context: DispatchContext) => Promise<Reply<unknown>>

/** Requests that wait for their answer; what ends the server aborts them. */
export type OpenRequests = Set<AbortController>

type RouteDeps = Readonly<{ dispatch: AskOperation; enter: Enter; open: OpenRequests }>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before a body is read. */
    caller: Caller | null
  }
}

/** A route for each row of the table: who asks is known before a byte of the body is read, and everything ends in dispatch. */
export function restRoutes(app: FastifyInstance, rows: readonly RestRow[], { dispatch, enter, open }: RouteDeps): void {
  app.decorateRequest('caller', null)
  const identify = async (request: FastifyRequest, reply: FastifyReply) => {
    const { caller, headers, refused } = await enter(request.headers, request.ip)
    reply.headers(headers)
    if (refused) throw refused
    if (request.url.includes('%') && !isPlain(decodedUrl(request.url))) throw notPlain()
    request.caller = caller
  }
  for (const row of rows) {
    const read = inputReader(row)
    const write = createReplyWriter(row)
    app.route<{ Params: Record<string, unknown>; Querystring: Record<string, unknown> }>({
      method: row.rest.method,
      url: row.rest.path,
      onRequest: identify,
      handler: async (request, reply) => {
        const { params, query, body, headers, caller, id } = request
        if (!caller) throw new Error(`${row.name} was reached by nobody`)
        const input = read({ params, query, body, if_match: headers['if-match'] })
        const result = await dispatch(caller, row.name, input, { signal: goneSignal(reply, open), request_id: id })
        return result.ok ? write(reply, result.value, headers['if-none-match']) : sendError(reply, result.error)
      },
    })
  }
}

/** Aborts when the caller went away without waiting for the answer, and when the server does. */
function goneSignal(reply: FastifyReply, open: OpenRequests): AbortSignal {
  const controller = new AbortController()
  open.add(controller)
  reply.raw.once('close', () => {
    open.delete(controller)
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

function decodedUrl(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '))
  } catch {
    // Such an escape is as little plain as what it may have stood for.
    return '\0'
  }
}

const notPlain = (): StudioError =>
  new StudioError(
    'malformed',
    'The address has characters that cannot be kept.',
    'Write it in UTF-8, percent-encoded, without NUL.',
  )
