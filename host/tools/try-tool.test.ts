import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { callerWith, startTestHost, type TestHost } from '../testing/start-test-host.ts'

const CANARY = 'crm-canary-51d0a7'

let studio: TestHost
beforeAll(async () => {
  studio = await startTestHost()
})
afterAll(() => studio.close())
afterEach(() => vi.unstubAllEnvs())

/** A shop that repeats what it was asked, key and all. */
async function startShop(answer?: RequestListener) {
  const server = createServer(
    answer ??
      ((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const { url, method, headers } = request
        const known = headers.authorization === `Bearer ${CANARY}`
        response.end(JSON.stringify({ url, method, known, key: headers.authorization, unique: 'idempotency-key' in headers }))
      }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const tool = (base: string) => ({
  type: 'http',
  name: 'look_up_order',
  method: 'GET',
  url: `${base}/orders/{{ arguments.order_id }}/{{ user.shop }}`,
  headers: { Authorization: 'Bearer {{ secrets.crm }}' },
  secrets: { crm: 'env:CRM_KEY' },
  parameters: [{ field_name: 'order_id', field_type: 'str', constraints: { pattern: '^[0-9]+$' } }],
})
const input = (base: string, order_id = '4711') => ({
  tool: tool(base),
  arguments: { order_id },
  variables: { user: { shop: 'north' } },
})

test('a tool is tried for real in a session process; its key goes out and comes back from nowhere', async () => {
  vi.stubEnv('CRM_KEY', CANARY)
  const tried = await studio.call('tool.try', input(await startShop()))
  expect(tried).toMatchObject({
    outcome: 'ok',
    status: 200,
    result: { url: '/orders/4711/north', method: 'GET', known: true, unique: true },
  })
  expect(JSON.stringify(tried)).not.toContain(CANARY)
})

test('what the other side does wrong stands in the answer: a refusal, arguments that do not fit, a key that is not there', async () => {
  vi.stubEnv('CRM_KEY', CANARY)
  const base = await startShop((_, response) => response.writeHead(404).end('no such order'))
  expect(await studio.call('tool.try', input(base))).toMatchObject({ outcome: 'failed', status: 404 })
  expect(await studio.call('tool.try', input(base, 'one'))).toMatchObject({
    outcome: 'failed',
    error: { message: expect.stringMatching(/order_id/) },
  })
  vi.unstubAllEnvs()
  expect(await studio.call('tool.try', input(base))).toMatchObject({
    outcome: 'failed',
    error: { message: expect.stringMatching(/env:CRM_KEY/) },
  })
})

test('a trial can be given up, and takes the right to make calls', async () => {
  vi.stubEnv('CRM_KEY', CANARY)
  const shop = new EventEmitter()
  const asked = once(shop, 'request')
  const base = await startShop(() => shop.emit('request'))
  const ending = new AbortController()
  const reply = studio.dispatch('tool.try', input(base), { signal: ending.signal, job_id: 'trial-1' })
  await asked
  await studio.call('job.cancel', { job_id: 'trial-1' })
  expect(await reply).toMatchObject({ ok: false, error: { code: 'cancelled' } })

  const refused = await studio.host.dispatch(callerWith('viewer'), 'tool.try', input(base))
  expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } })
})

test('what is no HTTP tool, or not right yet, is not begun', async () => {
  await expect(studio.call('tool.try', { tool: { type: 'end_call', name: 'end_call' } })).rejects.toThrow(/Only HTTP tools/)
  await expect(studio.call('tool.try', { tool: { type: 'http', name: 'No', url: '' } })).rejects.toThrow(/not right yet/)
})
