import { expect, test } from 'vitest'
import { ConnectionId } from '../../../core/contract/connections.ts'
import type { RouteWeights } from '../../../core/contract/routing.ts'
import type { PriceSnapshot } from '../../../core/contract/providers.ts'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, agentId, create, newScope, outcomes, revise } from './samples.ts'

/** Settings, prices, checks, connections, weights, routes, secrets, webhooks: in place of the one before, by tenant. */
export function configurationContract({ stores, second }: UnderTest): void {
  test('settings: keys not named stay, null removes, any JSON', async () => {
    const { store } = stores()
    const scope = newScope()
    const set = (values: Record<string, never>) => store.commit(scope, [{ kind: 'setting.set', values }], AUDIT)
    await set({ theme: 'dark', n: 1.5, on: false, 'a.b$c': { list: [1, { x: null }] } } as never)
    await set({ n: null, theme: 'light' } as never)
    expect(await store.settings.all(scope)).toEqual({ theme: 'light', on: false, 'a.b$c': { list: [1, { x: null }] } })
  })

  test('own prices and checks: one of each model, and a check that fails later keeps when it last passed', async () => {
    const { store } = stores()
    const scope = newScope()
    const of = { kind: 'llm', provider: 'openai', model: 'gpt' } as const
    const price: PriceSnapshot = { per: 'minute', usd: 0.25, as_of: '2026-11', source: 'me' }
    await store.commit(scope, [{ kind: 'price.set', of, price: { ...price, usd: 1 } }], AUDIT)
    await store.commit(scope, [{ kind: 'price.set', of, price }], AUDIT)
    expect(await store.providers.prices(scope)).toEqual([{ ...of, price }])
    await store.commit(scope, [{ kind: 'price.set', of, price: null }], AUDIT)
    expect(await store.providers.prices(scope)).toEqual([])
    const check = { ...of, base_url: 'https://x', steps: [] }
    const other = { ...check, base_url: 'https://y', ok: true, at: 10 }
    await store.commit(scope, [{ kind: 'check.keep', check: { ...check, ok: true, at: 5 } }], AUDIT)
    await store.commit(scope, [{ kind: 'check.keep', check: { ...check, ok: false, at: 9 } }], AUDIT)
    await store.commit(scope, [{ kind: 'check.keep', check: other }], AUDIT)
    expect(await store.providers.checks(scope)).toEqual([
      { ...other, passed_at: 10 },
      { ...check, ok: false, at: 9, passed_at: 5 },
    ])
  })

  test('connections, by name', async () => {
    const { store } = stores()
    const scope = newScope()
    const connection = (id: string, name: string) => ({
      ...{ connection_id: ConnectionId.parse(id), name, serve: true, automatic: false },
    })
    const full = { ...connection('a', 'Z'), url: 'wss://x', api_key: 'env:K', api_secret: 'secret:s' }
    await store.commit(
      scope,
      [full, connection('b', 'B')].map((one) => ({ kind: 'connection.save', connection: one }) as const),
      AUDIT,
    )
    expect(await store.connections.list(scope)).toEqual([connection('b', 'B'), full])
    await store.commit(scope, [{ kind: 'connection.save', connection: connection('a', 'A') }], AUDIT)
    await store.commit(scope, [{ kind: 'connection.delete', connection_id: ConnectionId.parse('b') }], AUDIT)
    expect(await store.connections.list(scope)).toEqual([connection('a', 'A')])
  })

  test('weights, and what leads to an agent as it stands in head', async () => {
    const { store } = stores()
    const scope = newScope()
    expect(await store.routing.weights(scope)).toBeUndefined()
    const weights = { experiment: 'x', arms: [{ agent_id: agentId('one'), weight: 2.5 }] }
    await store.commit(scope, [{ kind: 'route.weights', weights: { ...weights, arms: [] } }], AUDIT)
    await store.commit(scope, [{ kind: 'route.weights', weights }], AUDIT)
    expect(await store.routing.weights(scope)).toEqual(weights)
    const routing = { purposes: ['support'], attributes: { tier: 'a' } }
    const agents = [
      create('one', { name: 'One', agent_type: 'sales', routing }),
      create('two', { routing: null }),
      create('gone'),
    ]
    await store.commit(scope, [...agents, { kind: 'agent.delete', agent_id: 'gone' }], AUDIT)
    const plain = { enabled: true, is_default: false }
    const byId = async () => [...(await store.routing.routes(scope))].sort((a, b) => a.agent_id.localeCompare(b.agent_id))
    expect(await byId()).toEqual([
      { agent_id: 'one', name: 'One', agent_type: 'sales', routing, ...plain },
      { agent_id: 'two', name: 'two', agent_type: 'custom', routing: null, ...plain },
    ])
    await store.commit(scope, [revise('one', { name: 'One' }, 1)], AUDIT)
    expect(await store.routing.routes(scope, 'ONE')).toMatchObject([{ agent_id: 'one', routing: undefined }])
    expect(await store.routing.routes(scope, 'gone')).toEqual([])
  })

  test('of those who change the weights that they have seen, the first one did; whoever sets them anew asks nobody', async () => {
    const scope = newScope()
    const set = ({ store }: Pick<ReturnType<typeof stores>, 'store'>, weights: RouteWeights, based_on?: RouteWeights) =>
      store.commit(scope, [{ kind: 'route.weights', weights, ...(based_on && { based_on }) }], AUDIT)
    const arms = [
      { agent_id: agentId('one'), weight: 2.5 },
      { agent_id: agentId('two'), weight: 1 },
    ]
    const bounds = { max_error_rate: 0.3, max_silence_p95_ms: 2000, min_sessions: 4 }
    const before: RouteWeights = { experiment: 'x', arms, bounds, changed_at: 5 }
    await expect(set(stores(), before, before)).rejects.toMatchObject({ code: 'conflict' })
    await set(stores(), before)
    const without = (index: number): RouteWeights => ({
      ...before,
      stopped: [{ agent_id: agentId('one'), weight: 2.5, reason: `seen by ${index}`, at: 6 }],
    })
    const race = Array.from({ length: 6 }, (_, index) => set(index % 2 === 0 ? stores() : second(), without(index), before))
    expect(await outcomes(race)).toEqual({ done: 1, codes: Array(5).fill('conflict') })
    const stopped = await second().store.routing.weights(scope)
    expect(stopped).toMatchObject({ ...before, stopped: [{ agent_id: 'one', weight: 2.5, at: 6 }] })
    const anew = { ...before, changed_at: 7 }
    await set(second(), anew)
    await expect(set(stores(), without(9), stopped)).rejects.toMatchObject({ code: 'conflict' })
    await set(stores(), without(9), anew)
    expect(await stores().store.routing.weights(scope)).toEqual(without(9))
  })

  test('sealed secrets, by name', async () => {
    const { store } = stores()
    const scope = newScope()
    const secret = (name: string, sealed: string) => ({ name, sealed, sealed_key: 'k==', key_id: 'v1', updated_at: 7 })
    const keep = (...secrets: ReturnType<typeof secret>[]) =>
      store.commit(
        scope,
        secrets.map((one) => ({ kind: 'secret.keep', secret: one }) as const),
        AUDIT,
      )
    await keep(secret('b', '1'), secret('a', '2'))
    await keep(secret('b', '3'))
    expect(await store.secrets.list(scope)).toEqual([secret('a', '2'), secret('b', '3')])
    expect(await store.secrets.find(scope, 'b')).toEqual(secret('b', '3'))
    await store.commit(scope, [{ kind: 'secret.forget', name: 'b' }], AUDIT)
    expect(await store.secrets.find(scope, 'b')).toBeUndefined()
  })

  test('webhooks', async () => {
    const { store } = stores()
    const scope = newScope()
    const hook = { url: 'https://x/y', events: ['session.ended' as const], enabled: true, created_at: 3, secret: 'webhook-1' }
    const save = (webhook_id: string, changes = {}) =>
      store.commit(scope, [{ kind: 'webhook.save', webhook: { ...hook, webhook_id, ...changes } }], AUDIT)
    await save('1')
    await save('2')
    await save('1', { enabled: false })
    expect(await store.webhooks.list(scope)).toEqual([
      { ...hook, webhook_id: '1', enabled: false },
      { ...hook, webhook_id: '2' },
    ])
    await store.commit(scope, [{ kind: 'webhook.remove', webhook_id: '1' }], AUDIT)
    expect((await store.webhooks.list(scope)).map(({ webhook_id }) => webhook_id)).toEqual(['2'])
  })
}
