import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { SessionId, TurnId } from '../../../core/contract/ids.ts'
import type { JournalEvent } from '../../../core/contract/session-events.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { UNTOLD_MS } from '../../../core/session/heard-by-caller.ts'
import type { UnderTest } from './describe-store.ts'
import { event, newScope, newSession, notice, outcomes, START } from './samples.ts'

/** The journal's order, and what follows from it. */
export function journalContract({ stores, second }: UnderTest): void {
  async function begin(scope: TenantScope) {
    const session = newSession()
    const { session_id } = session
    await stores().calls.commit(scope, [{ kind: 'session.create', session }])
    const append = (...events: JournalEvent[]) => stores().calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
    return { session_id, append }
  }

  test('keeps its order, and refuses older attempts, doubles and what comes late, whole', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { session_id, append } = await begin(scope)
    await append(notice(1, 1), notice(1, 2))
    for (const late of [[notice(1, 2)], [notice(2, 1)], [notice(1, 3), notice(1, 3)], [notice(1, 5), notice(1, 4)]])
      await expect(append(...late)).rejects.toMatchObject({ code: 'conflict' })
    await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2 }])
    await expect(append(notice(1, 3))).rejects.toMatchObject({ code: 'conflict' })
    await append(notice(2, 1), notice(2, 4))
    const texts = async (after: typeof START, limit: number) => {
      const { events, more } = await second().calls.journal(scope, session_id, after, limit)
      return [events.map(({ attempt, seq }) => `${attempt}.${seq}`).join(' '), more]
    }
    expect(await texts(START, 10)).toEqual(['1.1 1.2 2.1 2.4', false])
    expect(await texts(START, 2)).toEqual(['1.1 1.2', true])
    expect(await texts({ attempt: 1, seq: 2 }, 1)).toEqual(['2.1', true])
    expect(await texts({ attempt: 2, seq: 4 }, 1)).toEqual(['', false])
  })

  test('of many appends of the same event at once, one is kept', async () => {
    const scope = newScope()
    const { session_id } = await begin(scope)
    const all = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? stores() : second()).calls.commit(scope, [
        { kind: 'journal.append', session_id, events: [notice(1, 1), notice(1, 2)] },
      ]),
    )
    expect(await outcomes(all)).toEqual({ done: 1, codes: Array(9).fill('conflict') })
    expect((await stores().calls.journal(scope, session_id, START, 10)).events).toHaveLength(2)
  })

  test('all changes of a commit or none: no event without the others, no call without its first events', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { session_id, append } = await begin(scope)
    const session = newSession()
    const broken = calls.commit(scope, [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id, events: [notice(1, 1)] },
      { kind: 'journal.append', session_id: SessionId.parse(v7()), events: [notice(1, 1)] },
    ])
    await expect(broken).rejects.toMatchObject({ code: 'not_found' })
    expect(await calls.find(scope, session.session_id)).toBeUndefined()
    expect((await calls.journal(scope, session_id, START, 10)).events).toEqual([])
    await append(notice(1, 1))
  })

  test('many calls are written at once, each in its own order', async () => {
    const scope = newScope()
    const calls = await Promise.all(Array.from({ length: 12 }, () => begin(scope)))
    await Promise.all(
      calls.map(async ({ session_id }, index) => {
        const of = index % 2 === 0 ? stores() : second()
        for (let seq = 1; seq <= 10; seq += 2)
          await of.calls.commit(scope, [{ kind: 'journal.append', session_id, events: [notice(1, seq), notice(1, seq + 1)] }])
      }),
    )
    for (const { session_id } of calls) {
      const { events } = await stores().calls.journal(scope, session_id, START, 100)
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, index) => index + 1))
    }
  })

  test('events come back as they were written', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { session_id, append } = await begin(scope)
    const turn_id = TurnId.parse(v7())
    const events = [
      event(1, 1, { type: 'turn.started', turn_id, index: 1, source: 'voice', revision: 3 }),
      event(1, 2, { type: 'transcript.final', turn_id, text: 'Zoë said "💡"\n\u0000 \\ $a.b' }),
      event(1, 3, {
        type: 'output.done',
        turn_id,
        output: { 'a.b': [1, null, { $x: 0.1 }] },
        raw: '{}',
        parse: 'json',
        problems: [],
      }),
    ]
    await append(...events)
    expect((await calls.journal(scope, session_id, START, 10)).events).toEqual(events)
  })

  test('state, turns, preview, silence, errors and cost of the summary follow from it', async () => {
    const { calls } = stores()
    const scope = newScope()
    const { session_id, append } = await begin(scope)
    let seq = 0
    const turn = (
      t6: number,
      source: 'voice' | 'greeting' = 'voice',
      nano_usd?: number,
      t6_uncertainty_ms = 4,
    ): JournalEvent[] => {
      const turn_id = TurnId.parse(v7())
      const cost = [{ kind: 'llm' as const, provider: 'p', model: 'm', usage: {}, ...(nano_usd !== undefined && { nano_usd }) }]
      const times = { t0: 100, t6, t6_uncertainty_ms }
      return [
        event(1, ++seq, { type: 'turn.started', turn_id, index: seq, source, revision: 3 }),
        event(1, ++seq, { type: 'transcript.final', turn_id, text: `heard ${seq}` }),
        event(1, ++seq, {
          type: 'turn.committed',
          turn_id,
          spoken: 'well',
          interrupted: true,
          metrics: {},
          usage: {},
          times,
          cost,
        }),
      ]
    }
    const untold = await append(...turn(200, 'voice', undefined, UNTOLD_MS))
    expect(untold).toMatchObject([{ silence_p50_ms: 100, silence_sent: true }])
    expect(untold[0]).not.toHaveProperty('cost_nano_usd')
    await append(...turn(900, 'voice', 1000), ...turn(700), ...turn(9000, 'greeting', 250))
    const error = { code: 'provider_failed' as const, message: 'Too many requests.', hint: '', problems: [] }
    const [summary] = await append(
      event(1, ++seq, { type: 'turn.started', turn_id: TurnId.parse(v7()), index: 2, source: 'text', revision: 3 }),
      event(1, ++seq, { type: 'session.error', source: 'llm', error, recoverable: true }),
      event(1, ++seq, { type: 'session.ended', reason: 'stopped' }),
    )
    expect(summary).toMatchObject({
      ...{ state: 'ended', turn_count: 5, preview: 'heard 2', silence_p50_ms: 800, cost_nano_usd: 1250 },
      ...{ error: 'Too many requests.', end_reason: 'stopped', ended_at: 5000 + seq },
    })
    expect(summary).not.toHaveProperty('silence_sent')
    expect(await calls.find(scope, session_id)).toMatchObject(summary!)
    await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2 }])
    await append(event(2, 1, { type: 'session.recovered', reason: 'killed', gap_ms: 3 }))
    expect(await calls.find(scope, session_id)).toMatchObject({ recoveries: 1, cost_nano_usd: 1250 })
    expect(await calls.find(scope, session_id)).not.toHaveProperty('ended_at')
  })
}
