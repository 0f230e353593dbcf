import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../core/contract/index.ts'
import { recoveries, recoveryOf, recoveryWords } from './recovery-words.ts'

const at = (attempt: number, seq: number) => ({ attempt, seq, at: 1, at_ms: 1 })
const lost: JournalEvent = { ...at(1, 2), type: 'room.connection', state: 'reconnecting' }
const back: JournalEvent = { ...at(1, 3), type: 'room.connection', state: 'reconnected', gap_ms: 3200 }
const died: JournalEvent = { ...at(2, 1), type: 'session.recovered', reason: 'killed by SIGKILL', gap_ms: 1210 }

test('a connection that came back is one recovery; one that is still out is told', () => {
  const notice: JournalEvent = { ...at(1, 1), type: 'notice', text: 'hello', level: 'info' }
  expect(recoveries({ events: [notice, lost, back, died] })).toEqual([back, died])
  expect(recoveries({ events: [lost] })).toEqual([lost])
  expect(recoveryOf({ events: [lost, back, died] }, 2)).toBe(died)
  expect(recoveryOf({ events: [lost, back, died] }, 1)).toBeUndefined()
})

test('each says what happened and how it goes on', () => {
  const words = (event: JournalEvent) => recoveries({ events: [event] }).map(recoveryWords)[0]
  expect(words(died)).toMatchObject({
    tone: 'warn',
    title: 'The session process ended and was replaced',
    text: expect.stringMatching(/^It was killed by SIGKILL\. The agent was back after 1\.2 s\. Nothing said is lost/),
  })
  expect(
    words({ ...at(3, 1), type: 'session.recovered', reason: 'resumed after connection_lost', gap_ms: 61_000 }),
  ).toMatchObject({
    tone: 'info',
    title: 'The call goes on',
    text: expect.stringMatching(/was gone for a while\. The agent was back after 61\.0 s/),
  })
  expect(words(back)).toMatchObject({ tone: 'info', title: 'The agent is connected again after 3.2 s' })
  expect(words({ ...at(1, 4), type: 'room.connection', state: 'lost' })).toMatchObject({
    title: 'The LiveKit server did not come back',
  })
})
