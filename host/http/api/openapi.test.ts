import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { operations } from '../../../core/contract/index.ts'
import { operation } from '../../../core/contract/operation.ts'
import { AgentId, Millis } from '../../../core/contract/ids.ts'
import { openApiDocument } from './openapi.ts'
import { restTable } from './rest-table.ts'
import { readTimes, writeTimes } from './iso-times.ts'

const rows = restTable(operations)
const get = (path: `/api/${string}`, more: object = {}) => ({
  'a.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: '',
    rest: { method: 'GET', path, ...more },
    input: z.object({ id: z.string() }),
    output: z.object({}),
  }),
})

describe('the table', () => {
  test('every part of the API has its rows', () => {
    const addresses = rows.map(({ rest }) => `${rest.method} ${rest.path}`)
    expect(addresses).toEqual(
      expect.arrayContaining([
        'POST /api/v1/agents/config',
        'GET /api/v1/agents/config/:agent_id',
        'PUT /api/v1/agents/config/:agent_id',
        'DELETE /api/v1/agents/config/:agent_id',
        'GET /api/v1/agents/list',
        'POST /api/v1/agents/config/:agent_id/schema/fields',
        'DELETE /api/v1/agents/config/:agent_id/schema/fields/:field_name',
        'POST /api/v1/agents/config/:agent_id/tracing/toggle',
        'GET /api/v1/agents/config/:agent_id/versions',
        'POST /api/v1/agents/config/:agent_id/publish',
        'POST /api/v1/agents/config/:agent_id/rollback',
        'GET /api/agents',
        'POST /api/agents',
        'GET /api/agents/:id',
        'PUT /api/agents/:id',
        'DELETE /api/agents/:id',
        'POST /api/agents/:id/set-default',
        'GET /api/agents/current',
        'GET /api/users',
        'POST /api/users',
        'POST /api/livekit/token',
        'GET /api/v1/sessions',
        'GET /api/v1/sessions/:session_id',
        'DELETE /api/v1/sessions/:session_id',
        'POST /api/v1/sessions/:session_id/agent',
        'GET /api/v1/sessions/:session_id/journal',
        'GET /api/v1/tenants',
        'GET /api/v1/keys',
        'GET /api/v1/quotas',
        'GET /api/v1/audit',
        'GET /api/v1/audit/verify',
        'GET /api/v1/releases',
        'GET /api/v1/webhooks',
        'GET /api/v1/changes',
      ]),
    )
  })

  test('a route without a role, a second one at an address, and one that names no input do not start', () => {
    const { 'a.get': one } = get('/api/things/:id')
    const roleless: object = { ...one, role: undefined }
    expect(() => restTable({ 'a.get': Object.assign({}, one, roleless) })).toThrow('a.get has an address and no role')
    expect(() => restTable({ 'a.get': one, 'b.get': get('/api/things/:other', {})['a.get'] })).toThrow(
      /have one address|has no input/,
    )
    expect(() => restTable(get('/api/things/:name'))).toThrow('a.get has no input "name"')
    expect(() => restTable(get('/api/things/:id', { query: ['x'] }))).toThrow('a.get has no input "x"')
  })
})

describe('the document', () => {
  const document = openApiDocument(rows, '1.2.3')

  test('is valid OpenAPI 3.1, and all its references lead somewhere', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)))
    expect(result).toMatchObject({ valid: true })
    const text = JSON.stringify(document)
    for (const [, path = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
      expect(path.split('/').reduce<unknown>((at, key) => Object(at)[key], document)).toBeTypeOf('object')
  })

  test('has each row with its role, and errors of every status', () => {
    for (const { rest, role } of rows) {
      const operation = Object(document['paths'])[rest.path.replaceAll(/:(\w+)/g, '{$1}')][rest.method.toLowerCase()]
      expect(operation).toMatchObject({ 'x-role': role, responses: { 400: {}, 401: {}, 403: {}, 404: {}, 429: {}, 500: {} } })
    }
  })
})

test('times are ISO 8601 at the edge and milliseconds inside, and documents keep their own numbers', () => {
  const schema = z.object({
    at: Millis,
    rows: z.array(z.object({ agent_id: AgentId, until_at: Millis.optional(), document: z.record(z.string(), z.json()) })),
    by: z.record(z.string(), Millis.nullable()),
  })
  const inside = {
    at: 0,
    rows: [
      { agent_id: 'a', until_at: 1_700_000_000_123, document: { at: 5 } },
      { agent_id: 'b', document: {} },
    ],
    by: { x: null, y: 1000 },
  }
  const outside = writeTimes(schema)?.(inside)
  expect(outside).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    rows: [
      { agent_id: 'a', until_at: '2023-11-14T22:13:20.123Z', document: { at: 5 } },
      { agent_id: 'b', document: {} },
    ],
    by: { x: null, y: '1970-01-01T00:00:01.000Z' },
  })
  expect(readTimes(schema)?.(outside)).toEqual(inside)
})
