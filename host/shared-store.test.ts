import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AgentId } from '../core/contract/ids.ts'
import { noStore, startSharedHosts, type SharedHosts, type SharedStore } from './testing/shared-hosts.ts'
import { callerOf, OPERATOR } from './testing/start-served-host.ts'
import { watchCall } from './testing/watch-call.ts'

const ann = callerOf('acme', 'admin', 'ann')
const ada = AgentId.parse('ada')
const SAVES = 20

const spread = (all: readonly number[]) => {
  const sorted = all.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`
}

for (const kind of ['postgres', 'mongodb', 'greenroom'] satisfies readonly SharedStore[]) {
  describe.skipIf(noStore(kind))(`two instances that share ${kind}`, () => {
    let hosts: SharedHosts
    beforeAll(async () => {
      hosts = await startSharedHosts(kind)
      await hosts.one.get(ann, 'agent.create', { source: { kind: 'blank' }, name: 'Ada', agent_id: ada })
    })
    afterAll(() => hosts.close())

    test('each save on one is used by the running call on the other', async () => {
      const { one, other } = hosts
      const call = await watchCall(other, ann, ada)
      const { head } = await one.get(ann, 'agent.get', { agent_id: ada })
      const took: number[] = []
      for (let revision = head.revision; revision < head.revision + SAVES; revision += 1) {
        const content = { ...head.content, description: `saved ${revision} times` }
        const from = performance.now()
        await one.get(ann, 'agent.save', { agent_id: ada, content, based_on: revision })
        await call.revision(revision + 1)
        took.push(performance.now() - from)
      }
      console.log(`${kind}: a save is used by the call on the other instance after ${spread(took)} (${SAVES} saves)`)
      expect((await other.get(ann, 'agent.get', { agent_id: ada })).head.revision).toBe(head.revision + SAVES)
      await other.get(ann, 'session.stop', { session_id: call.session_id })
    })

    test('keys, secrets, routing and tenants are fresh, and a call ends when its agent is deleted elsewhere', async () => {
      const { one, other } = hosts
      expect(await other.get(ann, 'secret.list', { references: ['secret:GROQ'] })).toMatchObject({
        secrets: expect.arrayContaining([expect.objectContaining({ reference: 'secret:GROQ', present: false })]),
      })
      const heard = (fits: (event: Readonly<{ type: string }>) => boolean) =>
        new Promise<void>((resolve) => {
          const stop = other.host.onEvent((event) => {
            if (!fits(event)) return
            stop()
            resolve()
          })
        })
      const secret = heard(({ type }) => type === 'secret.changed')
      await one.get(ann, 'secret.set', { name: 'GROQ', value: 'gsk_not_a_real_key_0123456789' })
      await secret
      expect(await other.get(ann, 'secret.list', { references: ['secret:GROQ'] })).toMatchObject({
        secrets: expect.arrayContaining([expect.objectContaining({ reference: 'secret:GROQ', present: true })]),
      })
      const before = await other.get(ann, 'route.get', {})
      expect(before.weights.arms).toEqual([])
      const routes = heard(({ type }) => type === 'route.changed')
      await one.get(ann, 'route.set_weights', { experiment: 'x', arms: [{ agent_id: ada, weight: 1 }] })
      await routes
      expect((await other.get(ann, 'route.get', {})).weights.arms).toEqual([{ agent_id: ada, weight: 1 }])
      const tenant = heard(({ type }) => type === 'tenant.changed')
      await one.get(OPERATOR, 'tenant.update', { tenant_id: ann.tenant_id, limits: { sessions: 7 } })
      await tenant
      expect((await other.get(OPERATOR, 'tenant.get', { tenant_id: ann.tenant_id })).limits.sessions).toBe(7)
      const call = await watchCall(other, ann, ada)
      await one.get(ann, 'agent.delete', { agent_id: ada })
      expect(await call.journaled('session.ended')).toMatchObject({ reason: 'agent_deleted' })
    })
  })
}
