import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Tool, isKnownTool, type KnownTool } from '../../core/tools/tool.ts'
import { runTool } from './run-tool.ts'
import { startHttpService, type HttpService } from './testing/http-service.ts'
import { NO_CALL, type ToolPort } from './tool-port.ts'

const KEY = 'crm-canary-0123456789'
let service: HttpService
beforeAll(async () => {
  service = await startHttpService()
})
afterAll(() => service.close())

const tool = (given: object): KnownTool => {
  const parsed = Tool.parse({ type: 'http', name: 'shop', description: 'x', ...given })
  if (!isKnownTool(parsed)) throw new Error('unknown')
  return parsed
}
const http = (path: string, more: object = {}) => tool({ url: `${service.url}${path}`, ...more })
const run = (
  one: KnownTool,
  given = {},
  more: { signal?: AbortSignal; mock?: boolean; port?: ToolPort; secrets?: Record<string, string> } = {},
) =>
  runTool(one, given, {
    mock: false,
    variables: { shop: { name: 'Ada & Co' } },
    secrets: { 'secret:crm': KEY },
    idempotency_key: 'key-1',
    port: NO_CALL,
    signal: new AbortController().signal,
    ...more,
  })
const last = () => service.requests.at(-1)

describe('an HTTP tool', () => {
  test('arguments stay where the template has them, however they look', async () => {
    const one = http('/orders/{{ arguments.id }}?shop={{ shop.name }}', { method: 'GET' })
    expect(await run(one, { id: '47/../11?x=1&y#z' })).toEqual({
      outcome: 'ok',
      status: 200,
      result: { order_id: '47/../11?x=1&y#z', state: 'shipped' },
    })
    expect(last()).toMatchObject({ method: 'GET', path: '/orders/47%2F..%2F11%3Fx%3D1%26y%23z?shop=Ada%20%26%20Co' })
    const body = '{"note": "{{ arguments.note }}", "all": {{ arguments | json }}, "count": {{ arguments.count }}}'
    await run(http('/echo', { body }), { note: 'a "quoted"\nline', count: 3 })
    expect(JSON.parse(last()?.body ?? '')).toEqual({
      note: 'a "quoted"\nline',
      all: { note: 'a "quoted"\nline', count: 3 },
      count: 3,
    })
  })

  test('without a body the arguments are the JSON, or the query', async () => {
    await run(http('/echo'), { id: 7, note: null })
    expect(last()).toMatchObject({ method: 'POST', body: '{"id":7,"note":null}' })
    expect(last()?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'key-1' })
    await run(http('/echo/{{ arguments.id }}', { method: 'DELETE' }), { id: 7, why: 'a b&c', none: null })
    expect(last()).toMatchObject({ method: 'DELETE', path: '/echo/7?why=a%20b%26c', body: '' })
  })

  test('a secret goes out and does not come back, however it is repeated', async () => {
    const headers = { authorization: 'Basic {{ "ada:" | append: secrets.crm | base64_encode }}', 'x-key': '{{ secrets.crm }}' }
    const told = await run(http('/echo?key={{ secrets.crm }}', { headers, secrets: { crm: 'secret:crm' } }))
    expect(last()?.headers).toMatchObject({
      'x-key': KEY,
      authorization: `Basic ${Buffer.from(`ada:${KEY}`).toString('base64')}`,
    })
    expect(last()?.path).toContain(KEY)
    expect(told.outcome).toBe('ok')
    expect(JSON.stringify(told)).not.toContain(KEY)
    expect(JSON.stringify(told)).not.toContain(Buffer.from(`ada:${KEY}`).toString('base64'))
    const refused = await run(
      http('/status/401', { headers: { authorization: 'Bearer {{ secrets.crm }}' }, secrets: { crm: 'secret:crm' } }),
    )
    expect(refused).toMatchObject({
      outcome: 'failed',
      status: 401,
      error: { message: expect.stringContaining('wants a valid key') as string },
    })
    expect(JSON.stringify(refused)).not.toContain(KEY)
  })

  test.each(['/escaped', '/file'])('%s repeats the secret where nobody looks', async (path) => {
    const told = await run(http(path, { headers: { authorization: '{{ secrets.crm }}' }, secrets: { crm: 'secret:crm' } }))
    expect(told.outcome).toBe('ok')
    expect(JSON.stringify(told)).toContain('[key]')
    expect(JSON.stringify(told)).not.toContain(KEY)
  })

  test('an argument can neither climb out of its place nor choose who gets the secrets', async () => {
    const count = service.requests.length
    for (const id of ['..', '.', '%2e%2E']) {
      const told = await run(http('/orders/{{ arguments.id }}/notes', { method: 'DELETE' }), { id })
      if (id === '%2e%2E') expect(last()?.path).toBe('/orders/%252e%252E/notes')
      else expect(told).toMatchObject({ outcome: 'failed', error: { message: expect.stringContaining('".."') as string } })
    }
    expect(service.requests).toHaveLength(count + 1)
    const open = { url: 'http://{{ arguments.host }}/', headers: { k: '{{ secrets.crm }}' }, secrets: { crm: 'secret:crm' } }
    expect(await run(tool(open), { host: 'localhost' })).toMatchObject({
      error: { message: expect.stringContaining('choose the server') as string },
    })
    expect(await run(http('/echo?range=../..', { method: 'GET' }))).toMatchObject({ outcome: 'ok' })
  })

  test('an argument that is empty does not ask for another thing than the template says', async () => {
    const count = service.requests.length
    for (const path of ['/orders/{{ arguments.id }}', '/orders/{{ arguments.id | url_encode }}?a=1', '/{{ arguments.id }}/notes'])
      for (const given of [{ id: '' }, { id: null }, {}])
        expect(await run(http(path, { method: 'DELETE' }), given)).toMatchObject({
          outcome: 'failed',
          error: {
            message: expect.stringContaining('path of its URL is empty: nothing is in arguments.id') as string,
            hint: expect.stringContaining('{% if %}') as string,
          },
        })
    expect(service.requests).toHaveLength(count)
    const may =
      '/echo{% if arguments.id %}/{{ arguments.id }}{% endif %}?q={{ arguments.q | url_encode | default: "all" }}&id={{ arguments.id }}'
    await run(http(may, { method: 'GET' }), { q: '' })
    expect(last()?.path).toBe('/echo?q=all&id=')
    await run(http(may, { method: 'GET' }), { id: 7, q: 'a b' })
    expect(last()?.path).toBe('/echo/7?q=a%2520b&id=7')
  })

  test.each([
    ['/status/404', /answered 404 \(there is no such thing\)/],
    ['/status/503', /answered 503 \(it has a fault of its own\)/],
    ['/big', /more than 256 KB/],
    ['/loop', /redirected again and again/],
    ['/abroad', /redirected to another server/],
    ['/drop', /cannot be reached|broke off/],
  ])('%s is told in plain words', async (path, words) => {
    const told = await run(http(path))
    expect(told).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(words) as string } })
    expect(JSON.stringify(told.result)).toMatch(words)
    expect(told.error?.hint).not.toBe('')
  })

  test('words, nothing, and a redirect at the same place are answers', async () => {
    expect(await run(http('/text'))).toEqual({ outcome: 'ok', status: 200, result: 'Open until six.' })
    expect(await run(http('/empty'))).toEqual({ outcome: 'ok', status: 204, result: null })
    expect(await run(http('/moved'))).toMatchObject({ outcome: 'ok', result: 'Open until six.' })
  })

  test('who is not there, a secret that is missing, a template that is broken', async () => {
    expect(await run(tool({ url: 'http://127.0.0.1:59/' }))).toMatchObject({
      outcome: 'failed',
      result: { error: expect.stringContaining('nothing answers') as string },
    })
    const named = http('/echo', { headers: { k: '{{ secrets.crm }}' }, secrets: { crm: 'env:NOT_THERE' } })
    expect(await run(named)).toMatchObject({ error: { message: expect.stringContaining('env:NOT_THERE') as string } })
    expect(await run(tool({ url: 'ftp://x.example/{{ arguments.a }}' }))).toMatchObject({
      error: { message: expect.stringContaining('https://') as string },
    })
    expect(await run(http('/{{ nope | what }}'))).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('Liquid') as string },
    })
    const split = http('/echo', { headers: { 'x-name': '{{ arguments.name }}' } })
    const count = service.requests.length
    expect(await run(split, { name: 'a\r\nx-admin: 1' })).toMatchObject({
      error: { message: expect.stringContaining('line break') as string },
    })
    expect(service.requests).toHaveLength(count)
  })

  test('one that is too slow, and one that nobody waits for any more', async () => {
    expect(await run(http('/wait', { timeout_ms: 100 }))).toMatchObject({
      outcome: 'timeout',
      error: { message: 'The tool "shop" did not answer within 0.1 s' },
    })
    const gone = new AbortController()
    const came = service.next()
    const running = run(http('/wait'), {}, { signal: gone.signal })
    await came
    gone.abort()
    expect(await running).toMatchObject({ outcome: 'cancelled' })
  })
})

describe('the others', () => {
  const client = tool({ type: 'client', name: 'show_map', method: 'map.show' })

  test('a client tool asks the frontend, which may refuse, be silent, or not be there', async () => {
    const rpc = (answer: () => Promise<string>): ToolPort => ({ ...NO_CALL, rpc: () => answer })
    const asked: unknown[] = []
    const port: ToolPort = {
      ...NO_CALL,
      rpc:
        () =>
        (...words) =>
          Promise.resolve((asked.push(words), '{"shown": true}')),
    }
    expect(await run(client, { place: 'Ulm' }, { port })).toEqual({ outcome: 'ok', result: { shown: true } })
    expect(asked).toEqual([['map.show', '{"place":"Ulm"}', 10_000]])
    expect(await run(client, {}, { port: rpc(() => Promise.reject(new Error('No map here'))) })).toMatchObject({
      outcome: 'failed',
      result: { error: 'The caller\'s app did not do "show_map": No map here' },
    })
    const deep = () => Promise.resolve(`${'['.repeat(3000)}${']'.repeat(3000)}`)
    expect(await run(client, {}, { port: rpc(deep) })).toMatchObject({
      outcome: 'failed',
      result: { error: 'What the tool "show_map" answered is nested too deeply' },
    })
    const silent = tool({ type: 'client', name: 'show_map', timeout_ms: 100 })
    expect(await run(silent, {}, { port: rpc(() => new Promise(() => {})) })).toMatchObject({ outcome: 'timeout' })
    expect(await run(client)).toMatchObject({ error: { hint: expect.stringContaining('room call') as string } })
  })

  test('mocks answer for what has an effect, and the rest is done', async () => {
    const count = service.requests.length
    expect(await run(http('/echo', { mock: { state: 'shipped' } }), {}, { mock: true })).toEqual({
      outcome: 'mocked',
      result: { state: 'shipped' },
    })
    expect(await run(client, {}, { mock: true })).toEqual({ outcome: 'mocked', result: { ok: true } })
    expect(service.requests).toHaveLength(count)
    let ended = 0
    const port: ToolPort = {
      ...NO_CALL,
      endCall: () => void ended++,
      handoff: (id) => Promise.resolve(id === 'bob' ? undefined : 'there is no such agent'),
    }
    expect(await run(tool({ type: 'end_call' }), {}, { mock: true, port })).toMatchObject({ outcome: 'ok' })
    expect(ended).toBe(1)
    expect(await run(tool({ type: 'handoff', agent_id: 'bob' }), {}, { port })).toMatchObject({ outcome: 'ok' })
    expect(await run(tool({ type: 'handoff', agent_id: 'eve' }), {}, { port })).toMatchObject({
      outcome: 'failed',
      result: { error: 'The call could not be handed over to "eve": there is no such agent' },
    })
  })
})
