import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentId } from '../../core/contract/ids.ts'
import { callerOf, startServedHost, type ServedTestHost } from '../testing/start-served-host.ts'
import { document } from './testing/document.ts'

const acme = callerOf('acme')
const agent_id = AgentId.parse('ada')
const user_id = 'zoe@a.example/1'

let served: ServedTestHost
let origin: string
let close: () => Promise<void>
beforeAll(async () => {
  served = await startServedHost(['acme', 'other'])
  const api = await served.host.startApi({ host: '127.0.0.1', ports: [0], insecure: false })
  origin = api.addresses[0] ?? ''
  close = async () => {
    await api.close()
    await served.close()
  }
}, 60_000)
afterAll(() => close())

const forget = async (tenant: string) => {
  const reply = await fetch(`${origin}/api/v1/callers/${encodeURIComponent(user_id)}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${served.keys[tenant] ?? ''}` },
  })
  return { status: reply.status, body: (await reply.json()) as unknown }
}

test('a caller is forgotten: what goes on is ended, nothing of it stays, and the audit does not say of whom', async () => {
  await served.get(acme, 'agent.create', { source: { kind: 'document', content: { ...document, name: 'Ada' } } })
  const start = (as: { user_id: string }) => served.get(acme, 'session.start', { agent_id, modality: 'text', as })
  const over = await start({ user_id })
  await served.get(acme, 'session.say', { session_id: over.session.session_id, text: 'my name is Zoe' })
  await served.get(acme, 'session.stop', { session_id: over.session.session_id })
  const deleted = await start({ user_id })
  await served.get(acme, 'session.delete', { session_id: deleted.session.session_id })
  const running = await start({ user_id })
  const others = await start({ user_id: 'zoe' })

  expect(await forget('other')).toEqual({ status: 200, body: { sessions: 0 } })
  expect(await forget('acme')).toEqual({ status: 200, body: { sessions: 3 } })
  for (const { session } of [over, deleted, running])
    for (const name of ['session.get', 'session.journal'] as const)
      expect(await served.as(acme, name, { session_id: session.session_id })).toMatchObject({ error: { code: 'not_found' } })
  expect(await served.get(acme, 'session.active', {})).toMatchObject({
    sessions: [{ session_id: others.session.session_id }],
    count: 1,
  })
  expect(await served.get(acme, 'session.list', { q: 'Zoe' })).toMatchObject({ count: 0 })

  expect(await forget('acme')).toEqual({ status: 200, body: { sessions: 0 } })
  const { rows } = await served.get(acme, 'audit.list', { limit: 1000 })
  const told = rows.filter(({ action }) => action === 'session.forget_caller')
  expect(told).toMatchObject([
    { subject: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), detail: { sessions: 3 } },
    { subject: told[0]?.subject, detail: { sessions: 0 } },
  ])
  expect(JSON.stringify(rows)).not.toContain(user_id)
  await served.get(acme, 'session.stop', { session_id: others.session.session_id })
})
