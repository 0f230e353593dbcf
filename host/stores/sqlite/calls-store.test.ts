import { v7 } from 'uuid'
import { expect, onTestFinished, test } from 'vitest'
import { ConnectionId } from '../../../core/contract/connections.ts'
import { AgentId, SessionId, TenantId, TurnId } from '../../../core/contract/ids.ts'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import type { JournalBody, JournalEvent } from '../../../core/contract/session-events.ts'
import type { StoredSession } from '../../../core/store/calls.ts'
import { UNTOLD_MS } from '../../../core/session/heard-by-caller.ts'
import { callsMigrations } from './calls-migrations.ts'
import { callStoreOn } from './stores-on.ts'
import { openDatabase } from './open-database.ts'

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
const stranger = { ...scope, tenant_id: TenantId.parse('other') }
const START = { attempt: 0, seq: 0 }

function openCalls() {
  const database = openDatabase({ file: ':memory:', synchronous: 'NORMAL', migrations: callsMigrations })
  onTestFinished(() => void database.close())
  return { database, calls: callStoreOn(database) }
}

const newSession = (changes: Partial<StoredSession> = {}): StoredSession => ({
  session_id: SessionId.parse(v7()),
  kind: 'direct',
  modality: 'text',
  agent_id: AgentId.parse('ada'),
  agent_name: 'Ada',
  revision: 1,
  state: 'starting',
  attempt: 1,
  started_at: 1000,
  turn_count: 0,
  preview: '',
  input: { variables: { user: { name: 'Ana' } }, script: ['one'], seed: 7, what_if: { llm: 'gpt-4.1' } },
  ...changes,
})

const event = (attempt: number, seq: number, body: JournalBody): JournalEvent => ({
  ...body,
  attempt,
  seq,
  at: 5000 + seq,
  at_ms: seq,
})
const notice = (attempt: number, seq: number) => event(attempt, seq, { type: 'notice', text: `${attempt}.${seq}`, level: 'info' })

test('what was written comes back, and only to its tenant', async () => {
  const { calls } = openCalls()
  const session = newSession()
  await calls.commit(scope, [{ kind: 'session.create', session }])
  expect(await calls.find(scope, session.session_id)).toEqual(session)
  expect(await calls.find(stranger, session.session_id)).toBeUndefined()
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'journal.append', session_id, events: [notice(1, 1)] }])
  expect((await calls.journal(stranger, session_id, START, 10)).events).toEqual([])
  await expect(calls.commit(stranger, [{ kind: 'session.delete', session_id, at: 1 }])).rejects.toMatchObject({
    code: 'not_found',
  })
})

const room = { connection_id: ConnectionId.parse('local'), room_name: 'greenroom-1', origin: 'dispatch' } as const

test('a room call comes back with its room, caller, route, recoveries and what it was started with', async () => {
  const { calls } = openCalls()
  const input = { variables: {}, script: [], seed: 1, what_if: {}, tools: 'mock', user_id: 'u1', overrides: { a: 1 } } as const
  const session = newSession({ kind: 'room', room, input: { ...input, as: { user_name: 'Ana' } } })
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'session.create', session }])
  expect(await calls.find(scope, session_id)).toEqual(session)
  const decision = { rule: 'purpose', reason: '', rules: [], variables: {}, overrides: {}, refused: [] } as const
  const person = { type: 'participant', change: 'joined', kind: 'standard' } as const
  await calls.commit(scope, [
    {
      kind: 'journal.append',
      session_id,
      events: [
        event(1, 1, { type: 'session.routed', decision: { ...decision, rules: [], refused: [] } }),
        event(1, 2, { ...person, identity: 'ana', caller: true }),
        event(1, 3, { ...person, identity: 'guest', caller: false }),
      ],
    },
    { kind: 'session.attempt', session_id, attempt: 2 },
    { kind: 'journal.append', session_id, events: [event(2, 1, { type: 'session.recovered', reason: 'killed', gap_ms: 3 })] },
    { kind: 'session.agent', session_id, agent_id: AgentId.parse('bob'), agent_name: 'Bob', revision: 4 },
  ])
  expect(await calls.find(scope, session_id)).toMatchObject({
    room: { ...room, caller_identity: 'ana' },
    route: 'purpose',
    recoveries: 1,
    agent_id: 'bob',
    agent_name: 'Bob',
    revision: 4,
  })
})

test('a lease is held by its owner alone, until the call is over', async () => {
  const { calls } = openCalls()
  const session = newSession({ lease: { owner: 'me', lease_until: 10 } })
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'session.create', session }])
  await calls.commit(scope, [{ kind: 'session.lease', session_id, lease: { owner: 'other', lease_until: 99 } }])
  expect((await calls.find(scope, session_id))?.lease).toEqual({ owner: 'me', lease_until: 10 })
  await calls.commit(scope, [{ kind: 'session.lease', session_id, lease: { owner: 'me', lease_until: 20 } }])
  expect(await calls.listUnended()).toMatchObject([{ session: { lease: { owner: 'me', lease_until: 20 } } }])
  await calls.commit(scope, [
    { kind: 'journal.append', session_id, events: [event(1, 1, { type: 'session.ended', reason: 'stopped' })] },
  ])
  expect(await calls.find(scope, session_id)).not.toHaveProperty('lease')
})

test('the newest call of a room that lost its connection is found while it can still go on', async () => {
  const { calls } = openCalls()
  const { connection_id, room_name } = room
  const end = async (reason: string, started_at: number) => {
    const session = newSession({ kind: 'room', room, started_at })
    const { session_id } = session
    const events = [event(1, 1, { type: 'session.ended', reason })]
    await calls.commit(scope, [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events },
    ])
    return session_id
  }
  const find = (ended_since: number) => calls.findLost(scope, { connection_id, room_name, ended_since })
  expect(await find(0)).toBeUndefined()
  const lost = await end('connection_lost', 1)
  expect(await find(0)).toMatchObject({ session_id: lost })
  expect(await find(6000)).toBeUndefined()
  expect(await calls.findLost(stranger, { connection_id, room_name, ended_since: 0 })).toBeUndefined()
  await end('caller_left', 2)
  expect(await find(0)).toBeUndefined()
})

test('a full disk is told in plain words, nothing is half written, and the call goes on once there is room', async () => {
  const { database, calls } = openCalls()
  const session = newSession()
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'session.create', session }])
  const long = event(1, 2, { type: 'notice', text: 'x'.repeat(2_000_000), level: 'info' })
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 50}`)
  const both = [{ kind: 'journal.append', session_id, events: [notice(1, 1), long] }] as const
  await expect(calls.commit(scope, both)).rejects.toMatchObject({ code: 'unavailable' })
  expect((await calls.journal(scope, session_id, START, 10)).events).toEqual([])
  database.pragma('max_page_count = 1000000')
  await calls.commit(scope, both)
  expect((await calls.journal(scope, session_id, START, 10)).events).toHaveLength(2)
})

test('the journal keeps its order, is never changed, and refuses older attempts and doubles', async () => {
  const { database, calls } = openCalls()
  const session = newSession()
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'session.create', session }])
  const append = (...events: JournalEvent[]) => calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
  await append(notice(1, 1), notice(1, 2))
  await expect(append(notice(1, 2))).rejects.toMatchObject({ code: 'conflict' })
  await expect(append(notice(2, 1))).rejects.toMatchObject({ code: 'conflict' })
  await expect(append(notice(1, 3), notice(1, 3))).rejects.toMatchObject({ code: 'conflict' })
  await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2 }])
  await expect(calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2 }])).rejects.toMatchObject({
    code: 'conflict',
  })
  await expect(append(notice(1, 3))).rejects.toMatchObject({ code: 'conflict' })
  await append(notice(2, 1))

  const texts = async (after: { attempt: number; seq: number }, limit: number) => {
    const { events, more } = await calls.journal(scope, session_id, after, limit)
    return [events.map((found) => `${found.attempt}.${found.seq}`), more]
  }
  expect(await texts(START, 10)).toEqual([['1.1', '1.2', '2.1'], false])
  expect(await texts(START, 2)).toEqual([['1.1', '1.2'], true])
  expect(await texts({ attempt: 1, seq: 2 }, 2)).toEqual([['2.1'], false])
  expect(() => database.exec(`update journal set type = 'x'`)).toThrow('append-only')
})

test('turns and the summary follow from the journal', async () => {
  const { database, calls } = openCalls()
  const session = newSession()
  const { session_id } = session
  const [one, two] = [TurnId.parse(v7()), TurnId.parse(v7())]
  const turn = (turn_id: TurnId, seq: number, t6: number, source: 'voice' | 'greeting' = 'voice'): JournalEvent[] => [
    event(1, seq, { type: 'turn.started', turn_id, index: seq, source, revision: 3 }),
    event(1, seq + 1, { type: 'transcript.final', turn_id, text: `heard ${seq}` }),
    event(1, seq + 2, { type: 'output.done', turn_id, output: { score: 3 }, raw: '{"score":3}', parse: 'json', problems: [] }),
    event(1, seq + 3, {
      type: 'turn.committed',
      turn_id,
      spoken: 'well',
      interrupted: true,
      times: { t0: 100, t6 },
      metrics: {},
      usage: {},
    }),
  ]
  const error = { code: 'provider_failed' as const, message: 'Too many requests.', hint: '', problems: [] }
  await calls.commit(scope, [{ kind: 'session.create', session }])
  const [summary] = await calls.commit(scope, [
    {
      kind: 'journal.append',
      session_id,
      events: [
        ...turn(one, 1, 900),
        ...turn(two, 5, 700),
        ...turn(TurnId.parse(v7()), 9, 9000, 'greeting'),
        event(1, 13, { type: 'turn.started', turn_id: TurnId.parse(v7()), index: 2, source: 'text', revision: 3 }),
        event(1, 14, { type: 'session.error', source: 'llm', error, recoverable: true }),
        event(1, 15, { type: 'session.ended', reason: 'stopped' }),
      ],
    },
  ])
  expect(summary).toMatchObject({
    state: 'ended',
    turn_count: 4,
    preview: 'heard 1',
    silence_p50_ms: 800,
    error: 'Too many requests.',
    end_reason: 'stopped',
    ended_at: 5015,
  })
  expect(database.prepare('select state, spoken, interrupted, revision, silence_ms from turn order by started_at').all()).toEqual(
    [
      { state: 'committed', spoken: 'well', interrupted: 1, revision: 3, silence_ms: 800 },
      { state: 'committed', spoken: 'well', interrupted: 1, revision: 3, silence_ms: 600 },
      { state: 'committed', spoken: 'well', interrupted: 1, revision: 3, silence_ms: null },
      { state: 'lost', spoken: null, interrupted: 0, revision: 3, silence_ms: null },
    ],
  )
  expect(await calls.listUnended()).toEqual([])
})

test('the median silence is of what was heard; of what was sent only where nobody told of any turn', async () => {
  const { calls } = openCalls()
  const session = newSession()
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'session.create', session }])
  let seq = 0
  const answered = async (t6: number, t6_uncertainty_ms: number) => {
    const turn_id = TurnId.parse(v7())
    const committed = { turn_id, spoken: '', interrupted: false, metrics: {}, usage: {} } as const
    const events = [
      event(1, ++seq, { type: 'turn.started', turn_id, index: seq, source: 'voice', revision: 1 }),
      event(1, ++seq, { type: 'turn.committed', ...committed, times: { t0: 0, t6, t6_uncertainty_ms } }),
    ]
    await calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
    const { silence_p50_ms, silence_sent } = (await calls.find(scope, session_id))!
    return [silence_p50_ms, silence_sent]
  }
  expect(await answered(500, UNTOLD_MS)).toEqual([500, true])
  expect(await answered(900, 4)).toEqual([900, undefined])
  expect(await answered(100, UNTOLD_MS)).toEqual([900, undefined])
})

test('a call costs what its priced turns cost; one without a known price has no cost', async () => {
  const { calls } = openCalls()
  const session = newSession()
  const { session_id } = session
  await calls.commit(scope, [{ kind: 'session.create', session }])
  let seq = 0
  const commit = async (...nano_usd: (number | undefined)[]) => {
    const turn_id = TurnId.parse(v7())
    const cost = nano_usd.map((one) => ({
      ...{ kind: 'llm' as const, provider: 'p', model: 'm', usage: {} },
      ...(one !== undefined && { nano_usd: one }),
    }))
    const committed = { turn_id, spoken: '', interrupted: false, times: {}, metrics: {}, usage: {}, cost } as const
    const events = [event(1, ++seq, { type: 'turn.committed', ...committed })]
    const [summary] = await calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
    return summary?.cost_nano_usd
  }
  expect(await commit(undefined)).toBeUndefined()
  expect(await commit(1000, 250)).toBe(1250)
  expect(await commit(undefined)).toBe(1250)
  expect(await commit(0, undefined, 4)).toBe(1254)
  expect((await calls.list(scope, { limit: 1 })).rows).toMatchObject([{ cost_nano_usd: 1254 }])
  await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2 }])
  expect(await calls.find(scope, session_id)).toMatchObject({ cost_nano_usd: 1254 })
})

test('thousands of calls are paged without gaps, and what is deleted goes for good after its time', async () => {
  const { database, calls } = openCalls()
  const sessions = Array.from({ length: 1200 }, (_, index) => newSession({ started_at: 1000 + Math.floor(index / 3) }))
  await calls.commit(
    scope,
    sessions.map((session) => ({ kind: 'session.create' as const, session })),
  )
  const seen: string[] = []
  for (let cursor: string | undefined, more = true; more;) {
    const page = await calls.list(scope, { limit: 500, ...(cursor && { cursor }) })
    expect(page.count).toBe(1200)
    seen.push(...page.rows.map(({ session_id }) => session_id))
    cursor = page.next_cursor
    more = cursor !== undefined
  }
  expect(new Set(seen).size).toBe(1200)
  expect(seen[0]).toBe(sessions.at(-1)?.session_id)
  await expect(calls.list(scope, { limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'malformed' })
  expect((await calls.list(scope, { limit: 10, agent_id: 'other' })).rows).toEqual([])

  const { session_id } = sessions[0]!
  await calls.commit(scope, [
    {
      kind: 'journal.append',
      session_id,
      events: [event(1, 1, { type: 'transcript.final', turn_id: TurnId.parse(v7()), text: 'gone' })],
    },
    { kind: 'session.delete', session_id, at: 2000 },
  ])
  expect(await calls.purgeDeleted(2000)).toBe(0)
  expect(await calls.purgeDeleted(2001)).toBe(1)
  expect(database.prepare('select (select count(*) from journal) + (select count(*) from utterance)').pluck().get()).toBe(0)
  expect((await calls.list(scope, { limit: 10, q: 'gone' })).count).toBe(0)
})
