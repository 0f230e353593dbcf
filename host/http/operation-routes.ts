import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import { StudioError } from '../../core/contract/errors.ts'
import { sendFailure } from './failure.ts'
import type { OriginGuard } from './origin-guard.ts'
import type { ServedHost } from './served-host.ts'

const JobId = z.uuid().optional()

type OperationDeps = Readonly<{ host: ServedHost; guard: OriginGuard; loginUrl: () => string }>

/** `POST /api/op/:name`: input as JSON → 200 with the output, or the error's status and body. */
export function operationRoutes(app: FastifyInstance, { host, guard, loginUrl }: OperationDeps): void {
  // A form of another site may send text/plain without asking first; nothing here takes it.
  app.removeContentTypeParser('text/plain')
  app.post<{ Params: { name: string } }>('/api/op/:name', async (request, reply) => {
    const caller = guard.identify(request.raw)
    const job_id = JobId.safeParse(request.headers['x-job-id'])
    if (!job_id.success)
      throw new StudioError('malformed', 'The header x-job-id is not a UUID.', 'Choose a new UUID for each job.')
    const context = { signal: goneSignal(reply), ...(job_id.data !== undefined && { job_id: job_id.data }) }
    const result = await host.dispatch(caller, request.params.name, request.body ?? {}, context)
    if (!result.ok) return sendFailure(reply, result.error)
    return reply.header('cache-control', 'no-store').send(result.value)
  })
  /** For a second start and the command line: a fresh address that logs one browser in. */
  app.post('/api/ticket', async (request, reply) => {
    if (guard.identify(request.raw).via !== 'cli')
      throw new StudioError('forbidden', 'Only this machine’s own commands may do this.', 'Start Greenroom again.')
    return reply.header('cache-control', 'no-store').send({ url: loginUrl(), pid: process.pid })
  })
}

/** Aborts when the caller went away without waiting for the answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
