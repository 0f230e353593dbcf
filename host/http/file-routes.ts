import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { StudioError } from '../../core/contract/errors.ts'
import { UPLOAD_LIMIT, type FileExchange } from './file-exchange.ts'
import type { OriginGuard } from './origin-guard.ts'

/** `POST /files/import` takes raw bytes and names them; `GET /files/download/:id` gives a file once. */
export function fileRoutes(app: FastifyInstance, { files, guard }: Readonly<{ files: FileExchange; guard: OriginGuard }>): void {
  app.addContentTypeParser(['application/octet-stream', 'application/zip'], (_request, body, done) => done(null, body))
  app.post('/files/import', { bodyLimit: UPLOAD_LIMIT }, async (request) => {
    guard.identify(request.raw)
    if (!(request.body instanceof Readable)) {
      throw new StudioError('unsupported', 'An import is sent as raw bytes.', 'Use the content type application/octet-stream.')
    }
    return { upload_id: await files.receive(request.body) }
  })
  app.get<{ Params: { id: string } }>('/files/download/:id', async (request, reply) => {
    guard.identify(request.raw)
    const { file_name, bytes } = files.takeDownload(request.params.id)
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file_name)}`)
      .type('application/octet-stream')
      .send(Buffer.from(bytes))
  })
}
