import type { FastifyInstance } from 'fastify'

/** Pages of these origins may use the API from browsers, with a key of their own; cookies are nobody's here. None: no page may. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return
  app.addHook('onRequest', async ({ method, headers }, reply) => {
    reply.header('vary', 'origin')
    const { origin } = headers
    if (origin === undefined || !origins.includes(origin)) return
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'etag, x-request-id, retry-after',
      'cross-origin-resource-policy': 'cross-origin',
    })
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return
    await reply
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': 'authorization, content-type, if-match, if-none-match, x-api-key, x-request-id',
        'access-control-max-age': '600',
      })
      .code(204)
      .send()
  })
}
