import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blankAgent } from '../../core/agent/blank-agent.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import { AgentId, TurnId } from '../../core/contract/ids.ts'
import type { Release } from '../../core/contract/releases.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import type { RouteWeights } from '../../core/contract/routing.ts'
import type { RouteDecision } from '../../core/routing/decision.ts'
import type { CallStore, ReleaseChoice } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { openSqliteStores } from '../stores/sqlite/open-sqlite-stores.ts'
import { AUDIT, event, newScope, newSession } from '../stores/testing/samples.ts'
import { callerOf, startServedHost, type ServedTestHost } from '../testing/start-served-host.ts'
import { createRelease } from './create-release.ts'
import { createWeightsJudge } from './judge-weights.ts'
import { updateRelease } from './update-release.ts'
import { createVersionFor } from './version-for.ts'
import { watchReleases } from './watch-releases.ts'
import { weightedArms } from './weighted-arms.ts'

type Stores = Awaited<ReturnType<typeof openSqliteStores>>
const log = pino({ level: 'silent' })
const ada = AgentId.parse('ada')
let dir: string
let stores: Stores
let served: ServedTestHost
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'greenroom releases '))
  stores = await openSqliteStores(dir, { clock: Date.now, log })
  served = await startServedHost(['acme', 'beta'])
})
afterAll(async () => {
  await served.close()
  await stores.close()
  await rm(dir, { recursive: true, force: true })
})

const document = (name: string) => DocumentJson.parse({ ...blankAgent(ada, name) })

/** An agent with two published versions, of which 1.0.0 is served. */
async function twoVersions(scope: TenantScope): Promise<void> {
  const publish = (version: string, revision: number) =>
    ({ kind: 'version.publish', agent_id: ada, version, revision, name: '', note: '' }) as const
  const audit = { action: 'test', subject: 'ada', detail: {} }
  const { commit } = stores.store
  await commit(
    scope,
    [{ kind: 'agent.create', id: v7(), agent_id: ada, content: document('old'), note: '' }, publish('1.0.0', 1)],
    audit,
  )
  await commit(scope, [{ kind: 'label.set', agent_id: ada, label: 'production', version: '1.0.0' }], audit)
  const revise = { kind: 'agent.revise', agent_id: ada, content: document('new'), based_on: 1, note: '' } as const
  await commit(scope, [revise, publish('1.1.0', 2)], audit)
}

test('a release over REST’s operations: checked, listed, changed, completed', async () => {
  const acme = callerOf('acme', 'developer')
  const { get } = served
  await get(acme, 'agent.create', { source: { kind: 'document', content: document('old') }, agent_id: ada })
  const create = (version: string, share: number) => get(acme, 'release.create', { agent_id: ada, version, share })
  await expect(create('1.0.0', 0.1)).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('no version') as string,
  })
  await get(acme, 'agent.publish', { agent_id: ada, version: '1.0.0', revision: 1 })
  await get(acme, 'agent.save', { agent_id: ada, content: document('new'), based_on: 1 })
  await get(acme, 'agent.publish', { agent_id: ada, version: '1.1.0', revision: 2 })
  expect(await create('1.0.0', 1)).toMatchObject({ state: 'complete', share: 1 })
  await expect(create('1.0.0', 0.5)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('already') as string,
  })

  const rolling = await create('1.1.0', 0.1)
  expect(rolling).toMatchObject({ state: 'rolling', previous: '1.0.0', bounds: { max_error_rate: 0.2, min_sessions: 20 } })
  await expect(create('1.1.0', 1)).rejects.toMatchObject({
    code: 'conflict',
    hint: expect.stringContaining(rolling.release_id) as string,
  })
  const { release_id } = rolling
  const update = (change: object) => get(acme, 'release.update', { release_id, ...change })
  expect(await update({ share: 0.5 })).toMatchObject({ share: 0.5, state: 'rolling' })
  expect(await update({ state: 'stopped' })).toMatchObject({ state: 'stopped', reason: 'Stopped by admin.' })
  expect(await update({ state: 'stopped', reason: 'It repeats itself.' })).toMatchObject({ reason: 'It repeats itself.' })
  expect(await update({ state: 'rolling', share: 0.6 })).not.toHaveProperty('reason')
  await expect(update({ state: 'stopped', share: 1 })).rejects.toMatchObject({ code: 'malformed' })
  expect(await update({ share: 1 })).toMatchObject({ state: 'complete' })
  await expect(update({ share: 0.1 })).rejects.toMatchObject({ code: 'conflict' })
  expect((await get(acme, 'agent.get', { agent_id: ada })).summary.labels).toMatchObject({ production: '1.1.0' })
  expect(await get(acme, 'release.get', { release_id })).toMatchObject({ release: { state: 'complete' }, arms: [] })
  expect((await get(acme, 'release.list', { agent_id: ada })).releases.map(({ version }) => version)).toEqual(['1.1.0', '1.0.0'])
  const beta = callerOf('beta')
  await expect(get(beta, 'release.get', { release_id })).rejects.toMatchObject({ code: 'not_found' })
  await expect(get(beta, 'release.update', { release_id, share: 1 })).rejects.toMatchObject({ code: 'not_found' })
  expect((await get(beta, 'release.list', {})).releases).toEqual([])
})

test('10 % of the callers, then half of them, then all get the new version: each always the same, and only new ones are moved', async () => {
  const scope = newScope()
  await twoVersions(scope)
  const versionFor = createVersionFor(stores)
  const name = async (caller: string, experiment?: string) => {
    const found = await versionFor(scope, { agent_id: 'ADA', caller, experiment })
    return [found?.content['name'], found?.release]
  }
  expect(await versionFor(scope, { agent_id: 'nobody', caller: 'x' })).toBeUndefined()
  expect(await name('x')).toEqual(['old', undefined])
  expect(await name('x', 'e1')).toEqual(['old', { release_id: 'weights:e1', version: 'ada' }])
  const told: StudioEvent[] = []
  const deps = { ...stores, emit: (event: StudioEvent) => void told.push(event), clock: Date.now }
  const release = await createRelease(deps, scope, {
    agent_id: ada,
    version: '1.1.0',
    share: 0.1,
    bounds: { max_error_rate: 0.2, min_sessions: 2 },
  })
  const { release_id } = release
  expect(told).toEqual([{ type: 'release.changed', agent_id: ada, tenant_id: scope.tenant_id }])
  const callers = Array.from({ length: 300 }, (_, index) => `user-${index}`)
  /** Who gets the new version now; asked twice, and again by another instance, it is the same for each. */
  const newOnes = async () => {
    const found = await Promise.all(callers.map((caller) => name(caller)))
    const elsewhere = createVersionFor(stores)
    for (const [index, caller] of callers.slice(0, 20).entries()) {
      expect(await name(caller)).toEqual(found[index])
      expect((await elsewhere(scope, { agent_id: ada, caller }))?.content['name']).toBe(found[index]?.[0])
    }
    return callers.filter((_, index) => found[index]?.[0] === 'new')
  }
  const at = async (share: number) => {
    await updateRelease(deps, scope, { release_id, share })
    return newOnes()
  }
  const tenth = await newOnes()
  expect(tenth.length / callers.length).toBeGreaterThan(0.02)
  expect(tenth.length / callers.length).toBeLessThan(0.25)
  const half = await at(0.5)
  expect(half.length / callers.length).toBeGreaterThan(0.33)
  expect(half.length / callers.length).toBeLessThan(0.67)
  expect(tenth.filter((caller) => !half.includes(caller))).toEqual([])
  expect(await name(half[0] ?? '')).toEqual(['new', { release_id, version: '1.1.0' }])
  const others = callers.filter((caller) => !half.includes(caller))
  expect(await name(others[0] ?? '')).toEqual(['old', { release_id, version: '1.0.0' }])
  // Back again, it is those of before; in the end it is everybody, and no arm any more.
  expect(await at(0.1)).toEqual(tenth)
  expect(await at(1)).toEqual(callers)
  expect(await name('x')).toEqual(['new', undefined])
  expect((await stores.store.agents.find(scope, ada))?.summary.labels).toMatchObject({ production: '1.1.0' })
})

/** A call that is over: kept like one, and announced like one. */
async function over(
  scope: TenantScope,
  release: ReleaseChoice,
  how: Readonly<{ failed?: boolean; silence_ms?: number; routed?: RouteDecision; started_at?: number }>,
): Promise<StudioEvent> {
  const { started_at = Date.now(), routed } = how
  const session = newSession({ agent_id: routed?.agent_id ?? ada, release, started_at })
  const turn_id = TurnId.parse(v7())
  const error = { code: 'provider_failed' as const, message: 'no', hint: '', problems: [] }
  const bodies: JournalBody[] = [
    ...(routed ? [{ type: 'session.routed' as const, decision: routed }] : []),
    { type: 'turn.started', turn_id, index: 0, source: 'voice', revision: 1 },
    ...(how.failed ? [{ type: 'session.error' as const, source: 'llm' as const, error, recoverable: true }] : []),
    {
      type: 'turn.committed',
      turn_id,
      spoken: '',
      interrupted: false,
      times: { t0: 0, t6: how.silence_ms ?? 500 },
      metrics: {},
      usage: {},
    },
    { type: 'session.ended', reason: 'stopped' },
  ]
  const events = bodies.map((body, index) => event(1, index + 1, body))
  await stores.calls.commit(scope, [{ kind: 'session.create', session }])
  const [ended] = await stores.calls.commit(scope, [{ kind: 'journal.append', session_id: session.session_id, events }])
  if (!ended) throw new Error('nothing ended')
  return { type: 'session.changed', session: ended, tenant_id: scope.tenant_id }
}

test.each([
  ['errors', { failed: true }, /2 of 4 sessions of 1\.1\.0 had an error \(50%\); the bound is 30%/],
  [
    'slow answers',
    { silence_ms: 2500 },
    /silence before answers of 1\.1\.0 is 2,500 ms at p95 over 4 sessions; the bound is 2,000 ms/,
  ],
])('%s stop a rollout by themselves: once, whoever sees it', async (_, bad, reason) => {
  const scope = newScope()
  await twoVersions(scope)
  const deps = { ...stores, emit: () => undefined, clock: Date.now, log, own: scope }
  const bounds = { max_error_rate: 0.3, max_silence_p95_ms: 2000, min_sessions: 4 }
  const release = await createRelease(deps, scope, { agent_id: ada, version: '1.1.0', share: 0.5, bounds })
  const watches = Array.from({ length: 3 }, () => watchReleases(deps))
  const now = async (): Promise<Release | undefined> => {
    await Promise.all(watches.map(({ settled }) => settled()))
    return stores.store.releases.find(scope, release.release_id)
  }
  const tell = (events: readonly StudioEvent[]) => events.forEach((one) => watches.forEach((watch) => watch.onStudioEvent(one)))
  const arm = (version: string): ReleaseChoice => ({ release_id: release.release_id, version })

  // What the version before does wrong, and too few sessions, say nothing.
  for (let left = 6; left > 0; left -= 1) tell([await over(scope, arm('1.0.0'), bad)])
  tell([await over(scope, arm('1.1.0'), bad), await over(scope, arm('1.1.0'), bad), await over(scope, arm('1.1.0'), {})])
  expect(await now()).toMatchObject({ state: 'rolling' })
  tell([await over(scope, arm('1.1.0'), {})])
  expect(await now()).toMatchObject({ state: 'stopped', reason: expect.stringMatching(reason) as string })
  const rows = (await stores.store.audit.list(scope, 0, 100)).filter(({ action }) => action === 'release.stop')
  expect(rows).toMatchObject([{ actor: 'system', subject: 'ada', detail: { reason: expect.stringMatching(reason) as string } }])
  const versionFor = createVersionFor(stores)
  for (const caller of ['a', 'b', 'c', 'd', 'e']) {
    const found = await versionFor(scope, { agent_id: 'ada', caller })
    expect(found?.content['name']).toBe('old')
    expect(found).not.toHaveProperty('release')
  }
})

/** Two agents of equal weight with bounds, watched by two instances; `call`: one that the weights led to, of whichever time. */
async function weighed(name: string) {
  const scope = newScope()
  const lines: string[] = []
  const told: StudioEvent[] = []
  const deps = {
    ...{ ...stores, clock: Date.now, own: scope, emit: (event: StudioEvent) => void told.push(event) },
    log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
  }
  const bob = AgentId.parse('bob')
  for (const agent_id of [ada, bob])
    await stores.store.commit(scope, [{ kind: 'agent.create', id: v7(), agent_id, content: document(agent_id), note: '' }], AUDIT)
  const bounds = { max_error_rate: 0.3, max_silence_p95_ms: 2000, min_sessions: 3 }
  const arms = [ada, bob].map((agent_id) => ({ agent_id, weight: 5 }))
  const set = async (changed_at: number, changes: Partial<RouteWeights> = {}) =>
    stores.store.commit(
      scope,
      [{ kind: 'route.weights', weights: { experiment: name, arms, bounds, changed_at, ...changes } }],
      AUDIT,
    )
  const watches = [watchReleases(deps), watchReleases(deps)]
  const call = async (agent_id: AgentId, how: Readonly<{ failed?: boolean; silence_ms?: number; started_at?: number }>) => {
    const routed = { agent_id, rule: 'weights' as const, reason: '', rules: [], variables: {}, overrides: {}, refused: [] }
    const event = await over(scope, { release_id: `weights:${name}`, version: agent_id }, { ...how, routed })
    for (const watch of watches) watch.onStudioEvent(event)
    await Promise.all(watches.map(({ settled }) => settled()))
  }
  const now = () => stores.store.routing.weights(scope)
  const rows = async () => (await stores.store.audit.list(scope, 0, 100)).filter(({ action }) => action === 'route.stop_arm')
  return { scope, told, lines, bob, arms, set, call, now, rows }
}

test.each([
  ['errors', { failed: true }, /2 of 3 sessions of ada had an error \(66\.7%\); the bound is 30%/],
  [
    'slow answers',
    { silence_ms: 2500 },
    /silence before answers of ada is 2,500 ms at p95 over 3 sessions; the bound is 2,000 ms/,
  ],
])('%s take the weight of an agent by themselves: once, while another one does better', async (name, bad, reason) => {
  const { scope, told, lines, bob, set, call, now, rows } = await weighed(name)
  const since = Date.now()
  await set(since)
  // Of before the weights were set.
  for (let left = 3; left > 0; left -= 1) await call(ada, { ...bad, started_at: since - 1 })
  await call(ada, bad)
  await call(ada, bad)
  await call(ada, {})
  // Nobody is known to do better, and that is said once by each instance.
  for (let left = 2; left > 0; left -= 1) await call(bob, {})
  expect(await rows()).toEqual([])
  expect(lines.filter((line) => line.includes('nobody is moved'))).toHaveLength(2)
  await call(bob, {})
  expect(await now()).toMatchObject({
    arms: [
      { agent_id: 'ada', weight: 0 },
      { agent_id: 'bob', weight: 5 },
    ],
    changed_at: since,
    stopped: [{ agent_id: 'ada', weight: 5, reason: expect.stringMatching(reason) as string }],
  })
  expect(await rows()).toMatchObject([
    { actor: 'system', subject: 'ada', detail: { experiment: name, weight: 5, reason: expect.stringMatching(reason) as string } },
  ])
  expect(told).toEqual([{ type: 'route.changed', tenant_id: scope.tenant_id }])
  // Set again by somebody, it is judged by what comes from then on.
  await set(Date.now() + 60_000)
  await call(ada, bad)
  expect(await rows()).toHaveLength(1)
})

test('nobody is moved when all are bad or the good one is disabled, and what somebody sets meanwhile stays', async () => {
  const { scope, lines, bob, arms, set, call, now, rows } = await weighed('all')
  const since = Date.now()
  await set(since)
  for (const agent_id of [ada, bob, ada, bob, ada, bob]) await call(agent_id, { failed: true })
  const held = () => lines.filter((line) => line.includes('nobody is moved'))
  const before = held().length
  expect(before).toBeGreaterThan(0)
  await call(ada, { failed: true })
  expect(held()).toHaveLength(before)
  expect(await now()).toMatchObject({ arms })
  expect(await rows()).toEqual([])
  for (let left = 20; left > 0; left -= 1) await over(scope, { release_id: 'weights:all', version: 'bob' }, {})
  await stores.store.commit(scope, [{ kind: 'agent.state', agent_id: bob, enabled: false }], AUDIT)
  await call(ada, {})
  expect(await now()).toMatchObject({ arms })
  await stores.store.commit(scope, [{ kind: 'agent.state', agent_id: bob, enabled: true }], AUDIT)

  // Somebody is quicker than the judge, who has read what was before.
  const theirs = [{ agent_id: ada, weight: 7 }]
  const armStats: CallStore['armStats'] = async (...args) => {
    const stats = await stores.calls.armStats(...args)
    await set(since + 1, { arms: theirs })
    return stats
  }
  const judge = createWeightsJudge({
    ...{ ...stores, calls: { armStats }, emit: () => undefined, clock: Date.now, log },
  })
  await judge(scope)
  expect(await now()).toMatchObject({ arms: theirs, changed_at: since + 1 })
  expect(await rows()).toEqual([])
})

test('the agents of A/B weights are compared by the calls that the weights gave them', async () => {
  const scope = newScope()
  await twoVersions(scope)
  const deps = { ...stores, emit: () => undefined, clock: Date.now }
  const arms = [
    { agent_id: ada, weight: 9 },
    { agent_id: AgentId.parse('bob'), weight: 1 },
  ]
  await stores.store.commit(scope, [{ kind: 'route.weights', weights: { experiment: 'e1', arms } }], {
    action: 'test',
    subject: 'routing',
    detail: {},
  })
  const found = await createVersionFor(stores)(scope, { agent_id: ada, caller: 'x', experiment: 'e1' })
  if (!found?.release) throw new Error('not counted')
  await over(scope, found.release, { silence_ms: 700 })
  await over(scope, found.release, { failed: true })
  expect(await weightedArms(deps, scope, {})).toMatchObject({
    experiment: 'e1',
    arms: [
      { agent_id: 'ada', weight: 9, sessions: 2, turns: 2, error_rate: 0.5, silence_p95_ms: 700 },
      { agent_id: 'bob', weight: 1, sessions: 0 },
    ],
  })
  expect(await served.get(callerOf('acme', 'viewer'), 'route.arms', { experiment: 'none' })).toEqual({
    experiment: 'none',
    arms: [],
  })
})
