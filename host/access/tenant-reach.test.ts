import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { AgentId } from '../../core/contract/ids.ts'
import { document } from '../sessions/testing/document.ts'
import { callerOf, OPERATOR, startServedHost } from '../testing/start-served-host.ts'

const acme = callerOf('acme')

/** Something inside the network of the server, which speaks like a provider. */
async function startInside() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"inner-model"}]}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  return { asked, port: (server.address() as AddressInfo).port }
}

test('calls, checks, lists, tools and webhooks of a tenant lead nowhere inside, until the operator of the server allows it', async () => {
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { asked, port } = await startInside()
  const served = await startServedHost(['acme'])
  onTestFinished(served.close)
  const agent_id = AgentId.parse('ada')
  const block = (host: string) => ({ provider: 'openai-compatible', model: 'm', base_url: `http://${host}:${port}/v1` })
  const content = { ...document, llm_config: block('127.0.0.1') }
  await served.get(acme, 'agent.create', { source: { kind: 'document', content } })
  const tool = {
    ...{ type: 'http', name: 'look', description: 'Looks', method: 'GET', url: `http://localhost:${port}/tool`, parameters: [] },
  }
  const { webhook } = await served.get(acme, 'webhook.create', { url: `http://localhost:${port}/hook` })
  const deliveries = async () => (await served.get(acme, 'webhook.deliveries', { webhook_id: webhook.webhook_id })).deliveries
  const tryAll = async () => {
    const { session } = await served.get(acme, 'session.start', { agent_id, modality: 'text' })
    const { session_id } = session
    await served.get(acme, 'session.say', { session_id, text: 'Hello?' })
    await vi.waitUntil(
      async () => {
        const { events } = await served.get(acme, 'session.journal', { session_id })
        return events.some(({ type }) => type === 'turn.committed' || type === 'session.error')
      },
      { timeout: 30_000, interval: 50 },
    )
    await served.get(acme, 'session.stop', { session_id })
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', 'localhost']) {
      await served.as(acme, 'provider.models', { kind: 'llm', block: block(host) })
      await served.as(acme, 'provider.check', { kind: 'llm', block: block(host) })
    }
    return served.as(acme, 'tool.try', { tool, arguments: {}, variables: {} })
  }
  expect(await tryAll()).toMatchObject({ ok: true, value: { outcome: 'failed' } })
  await vi.waitUntil(async () => (await deliveries())[0]?.attempts === 1, { timeout: 30_000 })
  expect((await deliveries())[0]?.error).toBe('localhost is an address of the server itself, which this tenant may not reach.')
  expect(asked).toEqual([])

  await served.get(OPERATOR, 'tenant.update', { tenant_id: acme.tenant_id, private_addresses: true })
  expect(await tryAll()).toMatchObject({ ok: true, value: { outcome: 'ok' } })
  expect(asked).toContain('/v1/models')
  expect(asked).toContain('/v1/chat/completions')
  expect(asked).toContain('/tool')
  await vi.waitUntil(() => asked.includes('/hook'), { timeout: 30_000 })
}, 90_000)
