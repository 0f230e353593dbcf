import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pino } from 'pino'
import { serveTestApi, testEnter, type TestApi } from './testing/serve-test-api.ts'
import { startApi } from './start-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await serveTestApi({ origins: ['https://app.example'] })
  await api.ask('POST', '/api/v1/agents/config', { agent_id: 'ada', prompt_config: { instructions: 'Be kind.' } })
})
afterAll(() => api.close())

const CONFIG = '/api/v1/agents/config'
const error = (code: string) => ({
  error: {
    code,
    message: expect.any(String),
    hint: expect.any(String),
    problems: expect.any(Array),
    request_id: expect.any(String),
  },
})

describe('reading and writing', () => {
  test('what has not changed is not sent again, and a write to something else than was read is refused', async () => {
    const { headers } = await api.ask('GET', `${CONFIG}/ada`)
    const etag = headers.etag ?? ''
    expect(headers['cache-control']).toBe('private, no-cache')
    const again = await api.ask('GET', `${CONFIG}/ada`, undefined, { 'if-none-match': `"x", W/${etag}` })
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
    const patch = { description: 'one' }
    const first = await api.ask('PUT', `${CONFIG}/ada`, patch, { 'if-match': etag })
    expect([first.status, first.headers.etag === etag]).toEqual([200, false])
    expect(await api.ask('PUT', `${CONFIG}/ada`, patch, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: error('precondition_failed'),
    })
    expect((await api.ask('GET', `${CONFIG}/ada`, undefined, { 'if-none-match': etag })).status).toBe(200)
  })

  test('of writers with the same ETag exactly one gets through', async () => {
    const { headers } = await api.ask('GET', `${CONFIG}/ada`)
    const writes = Array.from({ length: 8 }, (_, index) =>
      api.ask('PUT', `${CONFIG}/ada`, { description: `writer ${index}` }, { 'if-match': headers.etag }),
    )
    expect((await Promise.all(writes)).map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412, 412, 412])
  })

  test('the present version of two families’ agents by both addresses', async () => {
    await api.ask('POST', '/api/agents', { name: 'Groq agent', instructions: 'x', llm: { provider: 'groq', model: 'm' } })
    const [byName, current] = [await api.ask('GET', '/api/agents/Groq%20agent'), await api.ask('GET', '/api/agents/current')]
    expect(byName).toMatchObject({
      status: 200,
      body: { name: 'Groq agent', is_default: true, llm_provider_config: { provider: 'groq' } },
    })
    expect(current.body).toEqual(byName.body)
    expect((await api.ask('DELETE', '/api/agents/groq-agent?purge=true')).status).toBe(204)
  })

  test('long answers are packed for those who can unpack them', async () => {
    const packed = await new Promise<Buffer>((resolve, reject) => {
      const asked = request(
        `${api.origin}${CONFIG}/ada`,
        { headers: { authorization: 'Bearer viewer acme', 'accept-encoding': 'gzip' } },
        (reply) => {
          expect(reply.headers['content-encoding']).toBe('gzip')
          const chunks: Buffer[] = []
          reply.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)))
        },
      )
      asked.on('error', reject).end()
    })
    expect(JSON.parse(gunzipSync(packed).toString())).toMatchObject({ agent_id: 'ada' })
    expect((await api.ask('GET', `${CONFIG}/ada`)).headers['content-encoding']).toBeUndefined()
  })

  test('a tenant sees its own, and a role may what its row says', async () => {
    const as = (who: string) => ({ authorization: `Bearer ${who}` })
    expect((await api.ask('GET', `${CONFIG}/ada`, undefined, as('admin other'))).body).toMatchObject(error('not_found'))
    expect((await api.ask('PUT', `${CONFIG}/ada`, {}, as('viewer acme'))).body).toMatchObject(error('forbidden'))
    expect((await api.ask('GET', '/api/v1/agents/list', undefined, as('caller acme'))).status).toBe(403)
    expect(await api.ask('GET', `${CONFIG}/ada`, undefined, as('nobody'))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    })
  })
})

describe('what comes in', () => {
  const body = (agent_id: string) => JSON.stringify({ agent_id, prompt_config: { instructions: 'x' } })

  test.each([
    ['none', {}],
    ['curl -d', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', { 'content-type': 'text/plain;charset=UTF-8' }],
    ['a kind of JSON', { 'content-type': 'application/merge-patch+json' }],
  ])('JSON is taken with Content-Type %s', async (name, headers) => {
    expect((await api.ask('POST', CONFIG, body(`t-${name.replaceAll(/\W/g, '-')}`), headers)).status).toBe(201)
  })

  test.each([
    ['not JSON', '{"agent_id":', { 'content-type': 'application/json' }, 400, 'malformed'],
    ['a form', 'agent_id=ada', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported'],
    ['an image', 'x', { 'content-type': 'image/png' }, 415, 'unsupported'],
    ['no type at all', 'x', { 'content-type': 'nonsense' }, 415, 'unsupported'],
    ['nothing', '', { 'content-type': 'application/json' }, 400, 'malformed'],
    ['a list', '[]', {}, 400, 'malformed'],
    ['too deep', `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`, {}, 400, 'malformed'],
    ['deeper than any stack', '['.repeat(200_000), {}, 400, 'malformed'],
    ['half a character', '{"agent_id":"a","x":"\\ud800"}', {}, 400, 'malformed'],
    ['NUL', '{"agent_id":"a","x":{"y":["\\u0000"]}}', {}, 400, 'malformed'],
    ['a key for every object', '{"agent_id":"a","__proto__":{"admin":true}}', {}, 400, 'malformed'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, 'malformed'],
  ])('%s is refused in words', async (_name, sent, headers, status, code) => {
    expect(await api.ask('POST', CONFIG, sent, headers)).toMatchObject({ status, body: error(code) })
  })

  test('what is too large is not read', async () => {
    const answer = await api.ask('POST', CONFIG, `{"agent_id":"${'x'.repeat(9_000_000)}"}`).catch(() => undefined)
    if (answer) expect(answer).toMatchObject({ status: 413, body: error('too_large') })
    expect((await api.ask('GET', '/healthz')).status).toBe(200)
  })

  test.each([
    ['GET', '/nothing/here', 404, 'not_found'],
    ['PATCH', `${CONFIG}/ada`, 405, 'unsupported'],
    ['POST', '/api/v1/agents/list', 405, 'unsupported'],
    ['GET', '/api/agents/%00', 400, 'malformed'],
    ['GET', '/api/agents/%E0%A4%A', 400, 'malformed'],
    ['GET', `${CONFIG}/a%2Fb`, 400, 'malformed'],
    ['GET', `/api/agents/${'x'.repeat(600)}`, 400, 'malformed'],
    ['GET', '/api/v1/agents/list?limit=many', 400, 'malformed'],
    ['GET', '/api/v1/agents/list?limit=1&limit=2', 400, 'malformed'],
    ['GET', '/api/v1/agents/list?cursor=made-up', 400, 'malformed'],
    ['POST', `${CONFIG}/ada/tracing/toggle?enabled=perhaps`, 400, 'malformed'],
  ])('%s %s is %i', async (method, path, status, code) => {
    expect(await api.ask(method, path)).toMatchObject({ status, body: error(code) })
  })

  test('a request has one name, the client’s own where it can be kept', async () => {
    const named = await api.ask('GET', '/nothing', undefined, { 'x-request-id': 'order-42' })
    expect([named.headers['x-request-id'], named.body]).toEqual([
      'order-42',
      { error: expect.objectContaining({ request_id: 'order-42' }) as unknown },
    ])
    const bad = await api.ask('GET', `${CONFIG}/nobody`, undefined, { 'x-request-id': 'a b"}' })
    expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}-\d+$/)
    expect(bad.body).toMatchObject({ error: { request_id: bad.headers['x-request-id'] } })
  })

  test('what is not HTTP, or has headers without end, is told so and closed', async () => {
    const raw = async (sent: string) => {
      const socket = connect(Number(new URL(api.origin).port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(sent)
      return text(socket)
    }
    expect(await raw('GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 [^]*"code":"malformed"/,
    )
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('around it', () => {
  test('every answer has the security headers; pages of other origins get nothing, those that were named do', async () => {
    const { headers } = await api.ask('GET', '/nothing', undefined, { origin: 'https://evil.example' })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    const asked = { origin: 'https://app.example', 'access-control-request-method': 'PUT' }
    const preflight = await api.ask('OPTIONS', `${CONFIG}/ada`, undefined, asked)
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': 'https://app.example' } })
  })

  test.each(['', '/api/v1/agents'])('%s/docs works offline under its policy, from %s/openapi.json', async (prefix) => {
    const page = await api.ask('GET', `${prefix}/docs/`)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.text).not.toMatch(/<script(?![^>]*src=)|https?:\/\//)
    for (const [, path = ''] of page.text.matchAll(/(?:src|href)="\.([^"]+)"/g))
      expect((await api.ask('GET', `${prefix}/docs${path}`)).status).toBe(200)
    const [document, shown] = [await api.ask('GET', `${prefix}/openapi.json`), await api.ask('GET', `${prefix}/docs/json`)]
    expect(document.body).toMatchObject({ openapi: '3.1.1' })
    expect(shown.body).toEqual(document.body)
  })

  test('health is for everybody, more is for operators, from wherever it is asked', async () => {
    // A proxy on the same machine that says nothing of whom it passes on looks like this.
    expect((await api.ask('GET', '/readyz')).body).toEqual({ ready: true })
    expect((await api.ask('GET', '/metrics')).status).toBe(403)
    expect((await api.ask('GET', '/metrics', undefined, { authorization: '' })).status).toBe(401)
    const operator = { authorization: 'Bearer operator' }
    const { body } = await api.ask('GET', '/readyz', undefined, operator)
    expect(body).toMatchObject({ ready: true, store: { kind: 'sqlite', state: 'ok' } })
    api.metrics.watch({ sessionsActive: () => 3, storeUp: async () => true })
    api.metrics.sessionEnded('hung_up')
    api.metrics.sessionRefused('sessions')
    api.metrics.turnHeard(0.7)
    const { text: metrics, headers } = await api.ask('GET', '/metrics', undefined, operator)
    expect(headers['content-type']).toContain('text/plain')
    for (const line of [
      /^greenroom_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/agents\/config\/:agent_id",status="200"\} \d+$/m,
      /^greenroom_sessions_active 3$/m,
      /^greenroom_sessions_total\{end_reason="hung_up"\} 1$/m,
      /^greenroom_session_refused_total\{reason="sessions"\} 1$/m,
      /^greenroom_turn_silence_seconds_bucket\{le="0.8"\} 1$/m,
      /^greenroom_store_up 1$/m,
    ])
      expect(metrics).toMatch(line)
    expect(metrics).not.toContain('ada')
  })
})

test('what runs when the server closes is answered, and nothing new is taken', async () => {
  let release = () => {}
  let arrived = () => {}
  const here = new Promise<void>((resolve) => (arrived = resolve))
  const slow = await startApi({
    dispatch: async () => {
      arrived()
      await new Promise<void>((resolve) => (release = resolve))
      return { ok: true, value: { agents: [], count: 0 } }
    },
    enter: testEnter,
    readiness: async () => ({ ready: true, detail: {} }),
    metrics: api.metrics,
    log: pino({ level: 'silent' }),
    version: '0',
    listen: { host: '127.0.0.1', ports: [0, 0] },
  })
  expect(slow.addresses).toHaveLength(2)
  const running = fetch(`${slow.addresses[1]}/api/agents`, { headers: { authorization: 'Bearer admin' } })
  await here
  const closed = slow.close()
  await expect(fetch(`${slow.addresses[0]}/healthz`)).rejects.toThrow()
  release()
  expect(await (await running).json()).toEqual({ agents: [], count: 0 })
  await closed
})

test('a port that is taken is told, and none is listened on', async () => {
  const port = Number(new URL(api.origin).port)
  const { dispatch, readiness } = api.served.host
  const starting = startApi({
    ...{ dispatch, readiness, enter: testEnter, metrics: api.metrics, log: pino({ level: 'silent' }), version: '0' },
    listen: { host: '127.0.0.1', ports: [0, port] },
  })
  await expect(starting).rejects.toMatchObject({ code: 'unavailable' })
})
