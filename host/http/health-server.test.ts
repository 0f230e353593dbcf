import { expect, onTestFinished, test } from 'vitest'
import { startHealthServer } from './health-server.ts'

const health = {
  readiness: async () => ({ ready: true, detail: { store: 'postgres://db.internal' } }),
  metrics: { text: async () => ({ type: 'text/plain', body: 'greenroom_sessions_active 3' }) },
}

test.each([
  ['127.0.0.1', false, 200],
  ['0.0.0.0', false, 403],
  ['0.0.0.0', true, 200],
])('at %s, open: %s, metrics answer %s, and the details of readiness go with them', async (host, open_metrics, status) => {
  const server = await startHealthServer({ host, port: 0, open_metrics }, health)
  onTestFinished(server.close)
  const at = (path: string) => fetch(`${server.addresses[0]?.replace('0.0.0.0', '127.0.0.1')}${path}`)
  expect((await at('/metrics')).status).toBe(status)
  const readiness = await at('/readyz')
  expect(readiness.status).toBe(200)
  expect(await readiness.json()).toEqual({ ready: true, ...(status === 200 && { store: 'postgres://db.internal' }) })
})
