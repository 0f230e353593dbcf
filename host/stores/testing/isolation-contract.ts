import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { ConnectionId } from '../../../core/contract/connections.ts'
import type { CallChange } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change } from '../../../core/store/store.ts'
import type { Stores } from '../../../core/store/stores.ts'
import type { UnderTest } from './describe-store.ts'
import * as sample from './samples.ts'

const { AUDIT, START } = sample
const CONNECTION = ConnectionId.parse('c')
const PAGE = { limit: 50 }

/** Something of every kind in one tenant. */
async function furnish({ store, calls, limits }: Stores, scope: TenantScope) {
  const price = { per: 'minute', usd: 1, as_of: 'x', source: 'y' } as const
  const model = { kind: 'llm', provider: 'p', model: 'm' } as const
  const agent = sample.create('one', { name: 'Theirs' })
  const key = sample.newKey(scope)
  const release_id = v7()
  const changes: Change[] = [
    agent,
    sample.create('gone'),
    { kind: 'working_copy.write', agent_id: 'one', content: {}, based_on: 1, edit: 0, client_id: 'w' },
    sample.publish('one', '1.0.0', 1),
    sample.label('one', 'production', '1.0.0'),
    { kind: 'agent.delete', agent_id: 'gone' },
    { kind: 'setting.set', values: { a: 1 } },
    { kind: 'price.set', of: model, price },
    { kind: 'check.keep', check: { ...model, ok: true, at: 1, steps: [] } },
    { kind: 'connection.save', connection: { connection_id: CONNECTION, name: 'c', serve: true, automatic: false } },
    { kind: 'route.weights', weights: { experiment: 'x', arms: [] } },
    { kind: 'user.save', user: sample.newUser('u') },
    { kind: 'key.save', key },
    { kind: 'secret.keep', secret: { name: 's', sealed: 'x', sealed_key: 'y', key_id: 'v1', updated_at: 1 } },
    {
      kind: 'release.save',
      release: {
        ...{ release_id, agent_id: sample.agentId('one'), version: '1.0.0', previous: '0.9.0', share: 1, state: 'rolling' },
        ...{ bounds: { max_error_rate: 1, min_sessions: 1 }, created_at: 1, updated_at: 1 },
      },
    },
    {
      kind: 'webhook.save',
      webhook: { webhook_id: 'h', url: 'https://x', events: [], enabled: true, created_at: 1, secret: 's' },
    },
  ]
  await store.commit(scope, changes, AUDIT)
  const room = { connection_id: CONNECTION, room_name: 'r', origin: 'dispatch' } as const
  const release = { release_id, version: '1.0.0' }
  const session = sample.newSession({ kind: 'room', room, release, lease: { owner: 'them', lease_until: 5 } })
  const { session_id } = session
  const delivery = sample.newDelivery(session_id, { next_at: 9e12, webhook_id: 'h' })
  await calls.commit(scope, [
    { kind: 'session.create', session },
    { kind: 'journal.append', session_id, events: [sample.notice(1, 1)] },
    { kind: 'delivery.save', delivery },
  ])
  await limits.takePlace(scope, { session_id, owner: 'them', lease_until: 9e12 }, { tenant: {} }, 1)
  await limits.takeMinutes(scope, { session_id, month: '2026-11', ms: 5 }, {})
  return {
    session_id,
    delivery,
    key,
    release_id,
    id: agent.kind === 'agent.create' ? agent.id : '',
    query: { ...room, ended_since: 0 },
  }
}
type Theirs = Awaited<ReturnType<typeof furnish>>

/** Every read with a scope; a new method of the ports belongs here. */
const reads = ({ store, calls, limits }: Stores, scope: TenantScope, theirs: Theirs) => ({
  find: store.agents.find(scope, 'one'),
  findSummary: store.agents.findSummary(scope, 'one'),
  findById: store.agents.findById(scope, theirs.id),
  served: store.agents.served(scope, 'one'),
  list: store.agents.list(scope, { ...PAGE, deleted: false }),
  listDeleted: store.agents.list(scope, { ...PAGE, deleted: true }),
  findRevision: store.agents.findRevision(scope, 'one', 1),
  listRevisions: store.agents.listRevisions(scope, 'one', PAGE),
  takenIds: store.agents.takenIds(scope, 'o'),
  listDeletedBefore: store.agents.listDeletedBefore(scope, 9e12),
  versions: store.versions.list(scope, 'one'),
  versionsWithContent: store.versions.listWithContent(scope, 'one'),
  version: store.versions.find(scope, 'one', '1.0.0'),
  versionWithContent: store.versions.findWithContent(scope, 'one', '1.0.0'),
  settings: store.settings.all(scope),
  prices: store.providers.prices(scope),
  checks: store.providers.checks(scope),
  connections: store.connections.list(scope),
  weights: store.routing.weights(scope),
  routes: store.routing.routes(scope),
  user: store.directory.user(scope, 'u'),
  users: store.directory.users(scope, PAGE),
  keys: store.directory.keys(scope, PAGE),
  secrets: store.secrets.list(scope),
  secret: store.secrets.find(scope, 's'),
  release: store.releases.find(scope, theirs.release_id),
  releases: store.releases.list(scope, PAGE),
  rolling: store.releases.rolling(scope),
  webhooks: store.webhooks.list(scope),
  audit: store.audit.list(scope, 0, 50),
  session: calls.find(scope, theirs.session_id),
  sessions: calls.list(scope, PAGE),
  sessionSearch: calls.list(scope, { ...PAGE, q: 'ada' }),
  journal: calls.journal(scope, theirs.session_id, START, 50),
  active: calls.countActive(scope),
  arms: calls.armStats(scope, theirs.release_id, 0),
  lost: calls.findLost(scope, theirs.query),
  delivery: calls.deliveries.find(scope, theirs.delivery.delivery_id),
  deliveries: calls.deliveries.list(scope, 'h', PAGE),
  usage: limits.usage(scope, '2026-11', 1),
})

/** What nothing looks like. */
const EMPTY = [undefined, {}, [], { rows: [], count: 0 }, { events: [], more: false }, { sessions: 0, minutes_ms: 0 }, new Set()]

async function settle(all: Readonly<Record<string, Promise<unknown>>>): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(all).map(async ([name, value]) => [name, await value] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** No method shows a tenant anything of another, or lets it change that. */
export function isolationContract({ stores }: UnderTest): void {
  test('every read shows its own tenant’s rows, and nothing of them to another tenant', async () => {
    const [scope, stranger] = [sample.newScope(), sample.newScope()]
    const { token } = await stores().store.feed.since(stranger, undefined, 10)
    const theirs = await furnish(stores(), scope)
    const own = await settle(reads(stores(), scope, theirs))
    for (const [name, value] of Object.entries(own)) if (name !== 'lost') expect(EMPTY, name).not.toContainEqual(value)
    const foreign = await settle(reads(stores(), stranger, theirs))
    for (const [name, value] of Object.entries(foreign)) expect(EMPTY, name).toContainEqual(value)
    expect((await stores().store.feed.since(stranger, token, 10)).entries).toEqual([])
  })

  test('no change reaches another tenant’s rows', async () => {
    const { store, calls, limits } = stores()
    const [scope, stranger] = [sample.newScope(), sample.newScope()]
    const theirs = await furnish(stores(), scope)
    const before = await settle(reads(stores(), scope, theirs))
    const changes: Change[] = [
      sample.revise('one', {}, 1),
      { kind: 'agent.serve_head', agent_id: 'one' },
      { kind: 'working_copy.write', agent_id: 'one', content: {}, based_on: 1, edit: 1, client_id: 'x' },
      { kind: 'working_copy.drop', agent_id: 'one' },
      sample.publish('one', '2.0.0', 1),
      sample.label('one', 'production', null),
      { kind: 'agent.state', agent_id: 'one', enabled: false },
      { kind: 'agent.delete', agent_id: 'one' },
      { kind: 'agent.undelete', agent_id: 'gone' },
      { kind: 'agent.purge', agent_id: 'one' },
      { kind: 'setting.set', values: { a: null } },
      { kind: 'price.set', of: { kind: 'llm', provider: 'p', model: 'm' }, price: null },
      { kind: 'connection.delete', connection_id: CONNECTION },
      { kind: 'user.default_agent', user_id: 'u', agent_id: null },
      { kind: 'key.used', key_id: theirs.key.key_id, at: 99 },
      { kind: 'secret.forget', name: 's' },
      { kind: 'webhook.remove', webhook_id: 'h' },
    ]
    for (const change of changes) await Promise.allSettled([store.commit(stranger, [change], AUDIT)])
    const { session_id } = theirs
    const lease = { owner: 'us', lease_until: 9e12 }
    const callChanges: CallChange[] = [
      { kind: 'session.attempt', session_id, attempt: 2, lease },
      { kind: 'session.lease', session_id, lease: { owner: 'them', lease_until: 9e12 } },
      { kind: 'session.agent', session_id, agent_id: sample.agentId('x'), agent_name: 'x', revision: 9 },
      { kind: 'session.input', session_id, input: { variables: {}, script: [], seed: 0, what_if: {} } },
      { kind: 'journal.append', session_id, events: [sample.notice(1, 2)] },
      { kind: 'delivery.save', delivery: { ...theirs.delivery, state: 'failed' } },
      { kind: 'session.delete', session_id, at: 1 },
    ]
    for (const change of callChanges) await expect(calls.commit(stranger, [change]), change.kind).rejects.toThrow()
    await limits.leavePlace(stranger, session_id)
    await limits.settleMinutes(stranger, session_id, {})
    expect(await settle(reads(stores(), scope, theirs))).toEqual(before)
  })

  test('the same names in two tenants are two things', async () => {
    const { store } = stores()
    const [a, b] = [sample.newScope(), sample.newScope()]
    await Promise.all([a, b].map((scope) => furnish(stores(), scope)))
    await store.commit(a, [{ kind: 'agent.state', agent_id: 'one', is_default: true }], AUDIT)
    await store.commit(b, [{ kind: 'agent.state', agent_id: 'one', is_default: true }], AUDIT)
    await store.commit(b, [{ kind: 'agent.purge', agent_id: 'one' }], AUDIT)
    expect(await store.agents.find(a, 'one')).toMatchObject({ summary: { is_default: true }, working_copy: { edit: 1 } })
    expect(await store.versions.list(a, 'one')).toHaveLength(1)
    expect((await store.audit.list(b, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3])
  })
}
