import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SessionId, TurnId } from '../contract/ids.ts'
import { isJournalEvent, type DeltaEvent, type JournalBody, type SessionEvent } from '../contract/session-events.ts'
import { applySessionEvent, emptySessionView, resetOpenTurn, type SessionView } from '../session/session-view.ts'
import { publicEvent } from './public-event.ts'
import { createTurnLog } from './turn-log.ts'
import {
  createLineSplitter,
  emptyTurnReading,
  missingLines,
  parseTurnLine,
  position,
  readTurnLine,
  skipMissing,
  type TurnReading,
} from './turn-reader.ts'
import type { TurnLine } from './turn-stream.ts'

type DeltaBody = DeltaEvent extends infer Delta ? (Delta extends unknown ? Omit<Delta, 'at_ms'> : never) : never

/** What a session process tells of a few turns in one attempt. */
function attemptOf(attempt: number, turns: number): SessionEvent[] {
  let seq = 0
  const journal = (body: JournalBody): SessionEvent => ({ ...body, attempt, seq: ++seq, at: 1000 + seq, at_ms: seq })
  const delta = (body: DeltaBody): SessionEvent => ({ ...body, at_ms: seq })
  const started: JournalBody = {
    type: 'session.started',
    agent_id: 'ada',
    revision: 1,
    modality: 'voice',
    providers: { stt: 'a', llm: 'b', tts: 'c' },
  } as JournalBody
  const turn = (index: number): SessionEvent[] => {
    const turn_id = TurnId.parse(`0190000${attempt}-0000-7000-8000-${String(index).padStart(12, '0')}`)
    return [
      delta({ type: 'transcript.interim', text: 'Hel' }),
      journal({ type: 'turn.started', turn_id, index, source: 'voice', revision: 1 }),
      journal({ type: 'transcript.final', turn_id, text: 'Hello' }),
      journal({ type: 'eot.prediction', probability: 1, threshold: 0.5, inference_ms: 3 }),
      delta({ type: 'raw.delta', turn_id, text: '{"system_response":"' }),
      delta({ type: 'field.started', turn_id, field: 'system_response' }),
      delta({ type: 'field.delta', turn_id, field: 'system_response', text: 'Good ' }),
      journal({ type: 'agent.state', state: 'speaking' }),
      delta({ type: 'speech.delta', turn_id, text: 'Good ' }),
      delta({ type: 'field.delta', turn_id, field: 'system_response', text: 'day' }),
      journal({ type: 'field.done', turn_id, field: 'system_response', value: 'Good day', problems: [] }),
      delta({ type: 'speech.delta', turn_id, text: 'day' }),
      journal({ type: 'turn.committed', turn_id, spoken: 'Good day', interrupted: false, times: {}, metrics: {}, usage: {} }),
    ]
  }
  const events = [journal(started), ...Array.from({ length: turns }, (_, index) => turn(index)).flat()]
  return attempt === 1
    ? events
    : [{ type: 'session.recovered', reason: 'killed', gap_ms: 1, attempt, seq: 0, at: 1, at_ms: 0 }, ...events]
}

const empty = emptySessionView(SessionId.parse('01900000-0000-7000-8000-000000000000'))
const viewOf = (events: readonly SessionEvent[]) => events.reduce(applySessionEvent, empty)

/** A frontend: reads, and shows what it was told. */
function createFrontend() {
  let reading: TurnReading = emptyTurnReading
  let view: SessionView = empty
  const kept: string[] = []
  return {
    take(line: TurnLine) {
      const result = readTurnLine(reading, line)
      reading = result.reading
      for (const { type, events } of result.told) {
        if (type === 'snapshot') view = resetOpenTurn(view)
        view = events.reduce(applySessionEvent, view)
        kept.push(...events.filter(isJournalEvent).map(({ attempt, seq, type: name }) => `${attempt}.${seq} ${name}`))
      }
    },
    missing: () => missingLines(reading),
    at: () => position(reading),
    view: () => view,
    kept: () => kept,
  }
}

/** Everything that was said, whatever the transport did to it. */
const shownBy = ({ turns, agent_state, agent_id }: SessionView) => ({ turns, agent_state, agent_id })
const linesOf = (events: readonly SessionEvent[], log = createTurnLog(1)) => ({ log, lines: log.add(events) })

test('lines in order are told at once, and nothing that a frontend must not see is among them', () => {
  const { lines } = linesOf(attemptOf(1, 2))
  const frontend = createFrontend()
  for (const line of lines) frontend.take(line)
  expect(frontend.missing()).toBeUndefined()
  expect(frontend.kept()[0]).toBe('1.1 session.started')
  expect(frontend.view().turns.map(({ spoken, state }) => [spoken, state])).toEqual([
    ['Good day', 'committed'],
    ['Good day', 'committed'],
  ])
  expect(JSON.stringify(lines)).not.toContain('eot.prediction')
  expect(JSON.stringify(lines)).not.toContain('raw.delta')
})

test('whatever is lost, doubled or out of order, asking again completes it', () => {
  const fate = fc.record({ lost: fc.boolean(), twice: fc.boolean(), later: fc.nat(6) })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fate, { minLength: 60, maxLength: 60 }),
      fc.nat(70),
      (turns, fates, cut) => {
        const all = attemptOf(1, turns)
        const events = all.slice(0, Math.max(2, all.length - cut))
        const { log, lines } = linesOf(events)
        const sent = lines
          .flatMap((line, index) => {
            const { lost = false, twice = false, later = 0 } = fates[index % fates.length] ?? {}
            return lost ? [] : [{ line, place: index + later }, ...(twice ? [{ line, place: index }] : [])]
          })
          .sort((one, other) => one.place - other.place)
        const frontend = createFrontend()
        for (const { line } of sent) {
          frontend.take(line)
          const missing = frontend.missing()
          if (missing && line.n % 3 === 0) for (const again of log.after(missing)) frontend.take(again)
        }
        for (const again of log.after(frontend.at())) frontend.take(again)
        expect(frontend.missing()).toBeUndefined()
        const kept = lines.filter(({ event }) => isJournalEvent(event)).map(({ n, event }) => `1.${n} ${event.type}`)
        expect(frontend.kept()).toEqual(kept)
        const [shown, meant] = [frontend.view(), viewOf(lines.map(({ event }) => event))].map(shownBy)
        // Text of a field that is being written, and moments, may have holes until its end is told: only what is kept is promised.
        expect(
          shown?.turns.map(({ spoken, state, heard, output }) => ({
            state,
            heard,
            output,
            ...(state === 'committed' && { spoken }),
          })),
        ).toEqual(
          meant?.turns.map(({ spoken, state, heard, output }) => ({
            state,
            heard,
            output,
            ...(state === 'committed' && { spoken }),
          })),
        )
      },
    ),
    { numRuns: 200 },
  )
})

test('a snapshot stands for the deltas that were missed, and those that come after it go on', () => {
  const events = attemptOf(1, 1)
  const log = createTurnLog(1)
  const [before, after] = [events.slice(0, 10), events.slice(10)]
  log.add(before)
  const frontend = createFrontend()
  for (const line of log.after(frontend.at())) frontend.take(line)
  expect(frontend.view().turns[0]).toMatchObject({ spoken: 'Good ', fields: [{ name: 'system_response', text: 'Good ' }] })
  for (const line of log.add(after.slice(0, 1))) frontend.take(line)
  expect(frontend.view().turns[0]).toMatchObject({ fields: [{ text: 'Good day' }] })
  // Its copy that came too late says nothing new.
  for (const line of log.after(frontend.at())) frontend.take(line)
  expect(frontend.view().turns[0]).toMatchObject({ fields: [{ text: 'Good day' }] })
})

test('the successor of a dead process answers for it, and a frontend notices what it missed of both', () => {
  const first = attemptOf(1, 2)
  const { lines } = linesOf(first)
  const frontend = createFrontend()
  for (const line of lines.slice(0, 7)) frontend.take(line)

  const earlier = first.flatMap((event) => publicEvent(event) ?? [])
  const successor = createTurnLog(2, earlier)
  const [, ...second] = attemptOf(2, 1)
  const live = successor.add(second)
  expect(live[0]).toMatchObject({ attempt: 2, n: 1, event: { type: 'session.recovered' } })
  for (const line of live) frontend.take(line)
  expect(frontend.missing()).toEqual(frontend.at())
  for (const line of successor.after(frontend.at())) frontend.take(line)
  expect(frontend.missing()).toBeUndefined()
  expect(frontend.view().turns.map(({ attempt, state }) => [attempt, state])).toEqual([
    [1, 'committed'],
    [1, 'committed'],
    [2, 'committed'],
  ])
})

test('a third process numbers the second one as the second one did itself', () => {
  const [first, second] = [attemptOf(1, 1), attemptOf(2, 2)]
  const own = createTurnLog(2, first)
  const live = own.add(second.slice(1)).filter(({ event }) => isJournalEvent(event))
  const third = createTurnLog(3, [...first, ...second])
  const again = third.after({ attempt: 1, n: 999 }).filter(({ event }) => isJournalEvent(event))
  const told = (lines: TurnLine[]) => lines.map(({ attempt, n, event }) => `${attempt}.${n} ${event.type}`)
  expect(told(again)).toEqual(told(live))
})

test('one who comes late and cannot ask goes on with what comes', () => {
  const { lines } = linesOf(attemptOf(1, 2))
  const late = lines.slice(12)
  const reading = late.reduce((before, line) => readTurnLine(before, line).reading, emptyTurnReading)
  expect(missingLines(reading)).toEqual({ attempt: 0, n: 0 })
  const { told, reading: after } = skipMissing(reading)
  expect(missingLines(after)).toBeUndefined()
  const view = told.flatMap(({ events }) => events).reduce(applySessionEvent, empty)
  expect(view.turns.at(-1)).toMatchObject({ heard: 'Hello', spoken: 'Good day', state: 'committed' })
})

test('lines come in pieces, and what is no line is nothing', () => {
  const splitter = createLineSplitter()
  expect(splitter.push('{"v":1')).toEqual([])
  expect(splitter.push('}\n{"v"')).toEqual(['{"v":1}'])
  expect(splitter.push(':2}\n')).toEqual(['{"v":2}'])
  expect(parseTurnLine('{"v":1}')).toBeUndefined()
  expect(parseTurnLine('nonsense')).toBeUndefined()
  const [line] = linesOf(attemptOf(1, 1)).lines
  expect(parseTurnLine(JSON.stringify(line))).toMatchObject({ attempt: 1, n: 1 })
})
