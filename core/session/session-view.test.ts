import { describe, expect, test } from 'vitest'
import { SessionId, TurnId } from '../contract/ids.ts'
import type { DeltaEvent, JournalBody, JournalEvent, SessionEvent } from '../contract/session-events.ts'
import { applySessionEvent, emptySessionView, openTurn, resetOpenTurn, type SessionView } from './session-view.ts'

const SESSION = SessionId.parse('01890000-0000-7000-8000-000000000001')
const TURN = TurnId.parse('01890000-0000-7000-8000-0000000000aa')

const journal = (seq: number, body: JournalBody, attempt = 1): JournalEvent => ({
  attempt,
  seq,
  at: 1_000 + seq,
  at_ms: seq * 10,
  ...body,
})
const delta = (event: DeltaEvent): DeltaEvent => event
const replay = (events: readonly SessionEvent[], from: SessionView = emptySessionView(SESSION)) =>
  events.reduce(applySessionEvent, from)

const started = journal(1, { type: 'turn.started', turn_id: TURN, index: 0, source: 'text', revision: 3 })
const heard = journal(2, { type: 'transcript.final', turn_id: TURN, text: 'Hello' })
const moodDone = journal(3, { type: 'field.done', turn_id: TURN, field: 'mood', value: 'calm', problems: [] })
const outputDone = journal(4, {
  type: 'output.done',
  turn_id: TURN,
  output: { mood: 'calm' },
  raw: '{"mood":"calm"}',
  parse: 'json',
  problems: [],
})
const committed = journal(5, {
  type: 'turn.committed',
  turn_id: TURN,
  spoken: 'Good',
  interrupted: true,
  times: { t0: 1, t6: 800 },
  metrics: {},
  usage: {},
})
const typing = [
  delta({ at_ms: 21, type: 'field.started', turn_id: TURN, field: 'mood' }),
  delta({ at_ms: 22, type: 'field.delta', turn_id: TURN, field: 'mood', text: 'ca' }),
  delta({ at_ms: 23, type: 'field.delta', turn_id: TURN, field: 'mood', text: 'lm' }),
  delta({ at_ms: 24, type: 'raw.delta', turn_id: TURN, text: '{"mood":"calm"' }),
  delta({ at_ms: 25, type: 'speech.delta', turn_id: TURN, text: 'Good mor' }),
]

describe('a turn', () => {
  test('fills in as it streams, and the journal has the last word', () => {
    const streaming = openTurn(replay([started, heard, ...typing]))
    expect(streaming).toMatchObject({
      heard: 'Hello',
      raw: '{"mood":"calm"',
      spoken: 'Good mor',
      fields: [{ name: 'mood', state: 'streaming', text: 'calm', started_at_ms: 21 }],
    })
    const done = replay([started, heard, ...typing, moodDone, outputDone, committed])
    expect(done.turns).toHaveLength(1)
    expect(done.turns[0]).toMatchObject({
      state: 'committed',
      spoken: 'Good',
      interrupted: true,
      output: { mood: 'calm' },
      parse: 'json',
      times: { t0: 1, t6: 800 },
    })
    expect(done.turns[0]?.fields[0]).toMatchObject({ state: 'done', value: 'calm', done_at_ms: 30 })
  })

  test('is the same from the journal alone, whatever deltas came or were missed', () => {
    const all = replay([started, heard, ...typing, moodDone, outputDone, committed])
    const missed = replay([started, heard, moodDone, outputDone, committed])
    const settled = (view: SessionView) =>
      view.turns.map(({ fields, ...turn }) => ({ ...turn, fields: fields.map(({ name, value }) => ({ name, value })) }))
    expect(settled(missed)).toEqual(settled(all))
  })

  test('late deltas of a committed turn change nothing', () => {
    const done = replay([started, committed])
    expect(replay(typing, done)).toEqual(done)
  })
})

test('who was asked in vain is kept with the turn', () => {
  const fallback = {
    kind: 'llm',
    from: 'Slow',
    to: 'Quick',
    reason: 'The LLM (Slow) did not answer in time',
    after_ms: 800,
  } as const
  const view = replay([
    started,
    journal(2, { type: 'provider.fallback', ...fallback, turn_id: TURN }),
    journal(3, { type: 'provider.fallback', ...fallback, kind: 'stt' }),
  ])
  expect(view.turns[0]?.fallbacks).toEqual([fallback])
})

describe('the journal', () => {
  test('what was already seen is not applied twice', () => {
    const once = replay([started, heard])
    expect(replay([started, heard], once)).toBe(once)
  })

  test('an older attempt is not heard any more', () => {
    const recovered = replay([started, journal(1, { type: 'session.recovered', reason: 'killed', gap_ms: 900 }, 2)])
    expect(replay([heard], recovered)).toBe(recovered)
    expect(recovered.turns[0]?.state).toBe('lost')
  })

  test('a call that goes on after its end is not over', () => {
    const ended = replay([started, journal(2, { type: 'session.ended', reason: 'connection_lost' })])
    expect(ended.ended).toBe('connection_lost')
    const resumed = replay([journal(1, { type: 'session.recovered', reason: 'resumed', gap_ms: 0 }, 2)], ended)
    expect(resumed).not.toHaveProperty('ended')
  })
})

test('a snapshot replaces what only deltas had told', () => {
  const before = replay([started, heard, ...typing])
  expect(replay(typing, resetOpenTurn(before))).toEqual(before)
})
