import * as z from 'zod'
import { ERROR_STATUS } from '../../../core/contract/errors.ts'
import { IF_MATCH } from '../../../core/contract/rest.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { documentAt, documentSchemas, draftOf } from './openapi-documents.ts'
import { REQUEST_EXAMPLES } from './openapi-examples.ts'
import { toOpenApiSchema } from './openapi-schema.ts'
import { takesIfMatch, type RestRow } from './rest-table.ts'

const GROUPS: readonly (readonly [prefix: string, tag: string])[] = [
  ['config', 'Configuration'],
  ['short', 'Agents'],
  ['token', 'Tokens'],
  ['session', 'Sessions'],
]

/** The API's own description, OpenAPI 3.1, from the table alone: what is not in it has no route. */
export function openApiDocument(rows: readonly RestRow[], version: string): JsonObject {
  const paths = new Map<string, JsonObject>()
  for (const row of rows) {
    const path = row.rest.path.replaceAll(/:(\w+)/g, '{$1}')
    paths.set(path, { ...paths.get(path), [row.rest.method.toLowerCase()]: operationObject(row) })
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Greenroom',
      version,
      description:
        'Voice agents as documents: configuration, tokens and routing, sessions, administration. Times are ISO 8601, UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { api_key: [] }],
    paths: { ...Object.fromEntries(paths), ...SYSTEM_PATHS },
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a JSON web token of the configured identity provider.',
        },
        api_key: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key.' },
      },
      schemas: documentSchemas(),
      responses: Object.fromEntries(errorStatuses().map((status) => [`Error${status}`, errorResponse(status)])),
    },
  }
}

function operationObject(row: RestRow): JsonObject {
  const { name, rest, operation, role } = row
  const { query, body } = inputParts(row)
  return {
    operationId: rest.path.startsWith('/api/users') ? `${name}_short` : name,
    summary: operation.summary,
    description: `Needs the role \`${role}\`.`,
    tags: [GROUPS.find(([prefix]) => name.startsWith(`${prefix}.`))?.[1] ?? 'Administration'],
    'x-role': role,
    parameters: [...pathParameters(row), ...query, ...conditions(row)],
    ...(body && { requestBody: body }),
    responses: { ...successes(row), ...failures(row) },
  }
}

function pathParameters({ path_keys, operation }: RestRow): JsonObject[] {
  const properties = propertiesOf(toOpenApiSchema(operation.input, 'input'))
  return path_keys.map((key) => ({ name: key, in: 'path', required: true, schema: properties[key] ?? { type: 'string' } }))
}

/** What is neither in the path nor the body stands in the query; of a request with a body everything is in the body, if nothing else is said. */
function inputParts(row: RestRow): Readonly<{ query: readonly JsonObject[]; body: JsonObject | undefined }> {
  const { rest, operation, path_keys, name } = row
  const schema = toOpenApiSchema(operation.input, 'input')
  const required = listOf(schema['required'])
  const free = Object.entries(propertiesOf(schema)).filter(
    ([key]) => !path_keys.includes(key) && key !== IF_MATCH && key !== rest.body,
  )
  const takesBody = rest.method === 'POST' || rest.method === 'PUT'
  const inQuery = free.filter(([key]) => !takesBody || rest.body !== undefined || rest.query?.includes(key))
  const query = inQuery.map(([key, value]) => parameter(key, value, required.includes(key)))
  if (!takesBody) return { query, body: undefined }
  if (rest.body !== undefined) {
    const document = documentAt(name, rest.body)
    const whole = document === undefined ? propertyOf(schema, rest.body) : reference(draftOf(document))
    return { query, body: requestBody(name, name === 'short.update' ? reference('AgentPatch') : whole, true) }
  }
  const inBody = free.filter(([key]) => !rest.query?.includes(key))
  if (inBody.length === 0) return { query, body: undefined }
  const needed = required.filter((key) => inBody.some(([one]) => one === key))
  const object = { type: 'object', properties: Object.fromEntries(inBody), ...(needed.length > 0 && { required: needed }) }
  return { query, body: requestBody(name, object, needed.length > 0) }
}

const parameter = (name: string, schema: Json, required: boolean): JsonObject => ({
  name,
  in: 'query',
  required,
  ...(isJsonObject(schema) && schema['type'] === 'object' ? { content: { 'application/json': { schema } } } : { schema }),
})

function requestBody(name: string, schema: JsonObject, required: boolean): JsonObject {
  const examples = Object.entries(REQUEST_EXAMPLES[name] ?? {}).map(([key, value]): [string, JsonObject] => [
    key.replaceAll(' ', '_'),
    { summary: key, value },
  ])
  const content = { schema, ...(examples.length > 0 && { examples: Object.fromEntries(examples) }) }
  return { required, content: { 'application/json': content } }
}

function conditions(row: RestRow): JsonObject[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  })
  if (takesIfMatch(row)) return [header('If-Match', 'The ETag of what the change is based on; 412 when it was changed since.')]
  return hasEtag(row) && row.rest.method === 'GET'
    ? [header('If-None-Match', 'The ETag of what is known; 304 when it is still that.')]
    : []
}

function successes(row: RestRow): JsonObject {
  const { rest, operation, name } = row
  const schema = toOpenApiSchema(operation.output, 'output')
  const reply = rest.reply
  const document = documentAt(name, reply)
  const answer =
    reply === undefined ? listed(name, schema) : document === undefined ? propertyOf(schema, reply) : reference(document)
  const mayBeAbsent = reply !== undefined && !listOf(schema['required']).includes(reply)
  return {
    [String(rest.status ?? 200)]: {
      description: rest.status === 201 ? 'Created.' : 'Done.',
      headers: { 'x-request-id': { schema: { type: 'string' } }, ...(hasEtag(row) && { ETag: { schema: { type: 'string' } } }) },
      content: { 'application/json': { schema: answer } },
    },
    ...(mayBeAbsent && { '204': { description: 'Removed for ever.' } }),
    ...(hasEtag(row) && rest.method === 'GET' && { '304': { description: 'Unchanged.' } }),
  }
}

/** The short list holds documents. */
function listed(name: string, schema: JsonObject): JsonObject {
  if (name !== 'short.list') return schema
  return { ...schema, properties: { ...propertiesOf(schema), agents: { type: 'array', items: reference('ShortAgent') } } }
}

function failures(row: RestRow): JsonObject {
  const statuses = errorStatuses().filter((status) => status !== 412 || takesIfMatch(row))
  return Object.fromEntries(statuses.map((status) => [String(status), { $ref: `#/components/responses/Error${status}` }]))
}

const errorStatuses = (): readonly number[] => [...new Set<number>(Object.values(ERROR_STATUS))].sort((a, b) => a - b)

function errorResponse(status: number): JsonObject {
  const codes = Object.entries(ERROR_STATUS).flatMap(([code, of]) => (of === status ? [`\`${code}\``] : []))
  return { description: codes.join(', '), content: { 'application/json': { schema: reference('Error') } } }
}

const hasEtag = ({ operation: { output } }: RestRow): boolean => output instanceof z.ZodObject && 'etag' in output.shape
const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` })
const propertiesOf = (schema: JsonObject): JsonObject => (isJsonObject(schema['properties']) ? schema['properties'] : {})
const propertyOf = (schema: JsonObject, key: string): JsonObject => {
  const property = propertiesOf(schema)[key]
  return isJsonObject(property) ? property : {}
}
const listOf = (value: Json | undefined): readonly string[] =>
  isJsonArray(value) ? value.filter((one) => typeof one === 'string') : []

const plainGet = (operationId: string, summary: string, responses: JsonObject): JsonObject => ({
  get: { operationId, summary, tags: ['System'], security: [{}], responses },
})
const anyJson = { 'application/json': { schema: { type: 'object' } } }
const SYSTEM_PATHS: JsonObject = {
  '/healthz': plainGet('system.health', 'Whether the process lives', { '200': { description: 'It does.', content: anyJson } }),
  '/readyz': plainGet('system.ready', 'Whether work may be sent here; details for operators', {
    '200': { description: 'It may.', content: anyJson },
    '503': { description: 'Not now: the store is away, or the server is about to stop.', content: anyJson },
  }),
  '/metrics': plainGet('system.metrics', 'Metrics for Prometheus, for operators', {
    '200': { description: 'Text format.', content: { 'text/plain': { schema: { type: 'string' } } } },
    '401': { $ref: '#/components/responses/Error401' },
    '403': { $ref: '#/components/responses/Error403' },
  }),
}
