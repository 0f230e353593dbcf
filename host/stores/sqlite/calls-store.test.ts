import { v7 } from 'uuid'
import { expect, onTestFinished, test } from 'vitest'
import { TurnId } from '../../../core/contract/ids.ts'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import type { JournalEvent } from '../../../core/contract/session-events.ts'
import { event, newSession, notice, START } from '../testing/samples.ts'
import { callsMigrations } from './calls-migrations.ts'
import { callStoreOn } from './stores-on.ts'
import { openDatabase } from './open-database.ts'

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }

function openCalls() {
  const database = openDatabase({ file: ':memory:', synchronous: 'NORMAL', migrations: callsMigrations })
  onTestFinished(() => void database.close())
  return { database, calls: callStoreOn(database) }
}

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

test('the journal is never changed', async () => {
  const { database, calls } = openCalls()
  const session = newSession()
  const { session_id } = session
  await calls.commit(scope, [
    { kind: 'session.create', session },
    { kind: 'journal.append', session_id, events: [notice(1, 1)] },
  ])
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
