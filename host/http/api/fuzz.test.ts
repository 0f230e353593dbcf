import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../core/contract/index.ts'
import { isJsonArray, isJsonObject, type Json } from '../../../core/json.ts'
import { openApiDocument } from './openapi.ts'
import { REQUEST_EXAMPLES } from './openapi-examples.ts'
import { restTable } from './rest-table.ts'
import { anyJson, anyText, fromSchema } from './testing/schema-arbitrary.ts'
import { serveTestApi, type TestApi } from './testing/serve-test-api.ts'

const document = openApiDocument(restTable(operations), '0.0.0')
const paths = isJsonObject(document['paths']) ? document['paths'] : {}
const routes = Object.entries(paths).flatMap(([path, methods]) =>
  isJsonObject(methods) && path.startsWith('/api/')
    ? Object.entries(methods).flatMap(([method, operation]) =>
        isJsonObject(operation) ? [{ name: `${method.toUpperCase()} ${path}`, path, method, operation }] : [],
      )
    : [],
)
type Route = (typeof routes)[number]

/** What is not there in this test, whatever was asked: a LiveKit server, and the instance that another Greenroom asked before. */
const MAY_BE_UNAVAILABLE = ['POST /api/livekit/token', 'POST /api/v1/store/{method}']
const RUNS = Number(process.env['GREENROOM_FUZZ_RUNS'] ?? 8)
const SESSION = '01a1fe49-0000-7000-8000-000000000000'

let api: TestApi
beforeAll(async () => {
  api = await serveTestApi()
  for (const document of Object.values(REQUEST_EXAMPLES['config.create'] ?? {}))
    await api.ask('POST', '/api/v1/agents/config', document)
  for (const agent of Object.values(REQUEST_EXAMPLES['short.create'] ?? {})) await api.ask('POST', '/api/agents', agent)
})
afterAll(() => api.close())

const ajv = new Ajv2020({ strict: false, allErrors: false })
formats.default(ajv)
ajv.addSchema(document, 'api')

/** Whether an answer is one that the document announces for its route and status. */
function announced({ operation }: Route, status: number, body: unknown): string | undefined {
  const responses = isJsonObject(operation['responses']) ? operation['responses'] : {}
  const response = resolved(responses[String(status)])
  if (!isJsonObject(response)) return `status ${status} is not announced`
  const content = response['content']
  if (!isJsonObject(content)) return body === undefined ? undefined : 'a body where none is announced'
  const json = content['application/json']
  const schema = isJsonObject(json) ? json['schema'] : undefined
  if (!isJsonObject(schema)) return 'no schema'
  const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'))
  return ajv.validate(local, body) ? undefined : ajv.errorsText()
}

function resolved(value: Json | undefined): Json | undefined {
  const reference = isJsonObject(value) ? value['$ref'] : undefined
  if (typeof reference !== 'string') return value
  return reference
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), document)
}

type Sent = Readonly<{ params: readonly (readonly [string, string, Json])[]; body: Json | undefined; raw: boolean }>

/** Requests that the document allows, and ones that it does not. */
function requests({ operation }: Route): fc.Arbitrary<Sent> {
  const parameters = isJsonArray(operation['parameters']) ? operation['parameters'].filter(isJsonObject) : []
  const each = parameters.map(({ name, in: place, schema, required }) => {
    const value = fc.oneof(known(textOf(name)), fromSchema(schema, document), anyText)
    const given = required === true ? value : fc.option(value, { nil: undefined })
    return given.map((one): readonly [string, string, Json] | undefined =>
      one === undefined ? undefined : [textOf(place), textOf(name), one],
    )
  })
  const requestBody = operation['requestBody']
  const content =
    isJsonObject(requestBody) && isJsonObject(requestBody['content']) ? requestBody['content']['application/json'] : undefined
  const schema = isJsonObject(content) ? content['schema'] : undefined
  const examples =
    isJsonObject(content) && isJsonObject(content['examples']) ? Object.values(content['examples']).filter(isJsonObject) : []
  const body =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(fromSchema(schema, document), anyJson, ...examples.map(({ value }) => nearly(value ?? {})))
  return fc.record({ params: fc.tuple(...each).map((all) => all.filter((one) => one !== undefined)), body, raw: fc.boolean() })
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Things that are there, so that not every request ends at "not found". */
function known(name: string): fc.Arbitrary<Json> {
  const values: Readonly<Record<string, readonly string[]>> = {
    agent_id: ['front-desk', 'pte-interview-agent-v1', 'FRONT-DESK'],
    id: ['groq agent', 'receptionist', 'current', SESSION],
    session_id: [SESSION],
    field_name: ['credibility_score', 'system_response', 'qualification_score'],
    version: ['1.0.0', '1.1.0'],
    method: ['agents.find', 'commit', 'constructor'],
    wait_ms: ['0'],
  }
  return fc.constantFrom(...(values[name] ?? ['1', 'true']))
}

/** An example with one key of it, at any depth, in another shape. */
function nearly(example: Json): fc.Arbitrary<Json> {
  if (!isJsonObject(example) || Object.keys(example).length === 0) return fc.oneof(fc.constant(example), anyJson)
  return fc
    .constantFrom(...Object.keys(example))
    .chain((key) =>
      fc.oneof(fc.constant(null), anyJson, nearly(example[key] ?? null)).map((value) => ({ ...example, [key]: value })),
    )
}

async function send(route: Route, { params, body, raw }: Sent): Promise<{ asked: string; status: number; body: unknown }> {
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))
  const encoded = (value: Json) => encodeURIComponent(text(value).replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD'))
  // A client takes "." and ".." out of an address before it sends it, which then is another one.
  const segment = (one: string) => (/^\.{0,2}$/.test(one) ? '%20' : one)
  let path = route.path
  const query: string[] = []
  const headers: Record<string, string> = {}
  for (const [place, name, value] of params) {
    if (place === 'path') path = path.replace(`{${name}}`, segment(encoded(value)))
    else if (place === 'query') query.push(`${name}=${name === 'wait_ms' ? '0' : encoded(value)}`)
    else headers[name] = text(value).replaceAll(/[^\x20-\x7e]/g, '')
  }
  const asked = `${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const sent = body === undefined ? undefined : raw ? text(JSON.parse(JSON.stringify(body))) : JSON.stringify(body)
  const answer = await api.ask(route.method.toUpperCase(), asked, sent, {
    ...headers,
    ...(!raw && { 'content-type': 'application/json' }),
  })
  return { asked, status: answer.status, body: answer.text === '' ? undefined : answer.body }
}

describe('whatever is sent, the answer is one that the document announces, and never the server’s fault', () => {
  test.each(routes.map((route): readonly [string, Route] => [route.name, route]))('%s', async (name, route) => {
    await fc.assert(
      fc.asyncProperty(requests(route), async (sent) => {
        const { asked, status, body } = await send(route, sent)
        const context = { asked, sent, status, body }
        if (status >= 500 && !(status === 503 && MAY_BE_UNAVAILABLE.includes(name))) expect.fail(JSON.stringify(context))
        const wrong = announced(route, status, body)
        if (wrong !== undefined) expect.fail(`${wrong}: ${JSON.stringify(context).slice(0, 3000)}`)
      }),
      { numRuns: RUNS },
    )
  })
})
