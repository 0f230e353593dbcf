/*
 * The interactive documentation, served from this origin alone. Threat: a page that may run script and send a key somewhere. The policy
 * allows the page's own files and requests to this origin, nothing inline but styles, no frames.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { JsonObject } from '../../../core/json.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page's package wants a document of its own types; what it shows is ours. */
const STAND_IN = { openapi: '3.1.1', info: { title: 'Greenroom', version: '' }, paths: {} }
/** Where clients of either part look for them. */
const PREFIXES = ['', '/api/v1/agents'] as const

export async function docsRoutes(app: FastifyInstance, document: JsonObject): Promise<void> {
  const text = JSON.stringify(document)
  for (const prefix of PREFIXES) {
    app.get(`${prefix}/openapi.json`, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text),
    )
    await app.register(async (docs) => {
      await docs.register(swagger, { mode: 'static', specification: { document: STAND_IN } })
      await docs.register(swaggerUi, {
        routePrefix: `${prefix}/docs`,
        staticCSP: POLICY,
        transformSpecification: () => document,
        transformSpecificationClone: false,
        theme: { title: 'Greenroom API' },
        uiConfig: {
          deepLinking: true,
          validatorUrl: null,
          persistAuthorization: false,
          docExpansion: 'list',
          layout: 'BaseLayout',
        },
      })
    })
  }
}
