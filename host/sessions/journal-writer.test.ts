import { pino } from 'pino'
import { expect, test } from 'vitest'
import { StudioError } from '../../core/contract/errors.ts'
import { SessionId, TenantId, TurnId } from '../../core/contract/ids.ts'
import type { JournalEvent } from '../../core/contract/session-events.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { CallChange } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { dropSome } from './journal-bound.ts'
import { createJournalWriter } from './journal-writer.ts'
import { scope } from './testing/start-sessions.ts'

const [one, two, three] = [1, 2, 3].map((n) => SessionId.parse(`0190000${n}-0000-7000-8000-000000000000`))
const notice = (seq: number): JournalEvent => ({ type: 'notice', text: '', level: 'info', attempt: 1, seq, at: 0, at_ms: 0 })

/** The store's behaviour is tested with SQLite; here it is told when to refuse. */
function startWriter(
  refuse: (change: CallChange, time: number) => Error | undefined = () => undefined,
  there: readonly JournalEvent[] = [],
) {
  const commits: string[][] = []
  const saved: string[] = []
  let time = 0
  const writer = createJournalWriter({
    log: pino({ level: 'silent' }),
    onSaved: (_scope, session_id, { seq }) => saved.push(`${session_id.slice(7, 8)}:${seq}`),
    calls: {
      journal: async () => ({ events: there, more: false }),
      commit: async (_scope: TenantScope, changes: readonly CallChange[]) => {
        time += 1
        for (const change of changes) {
          const error = refuse(change, time)
          if (error) throw error
        }
        const appends = changes.flatMap((change) => (change.kind === 'journal.append' ? [change] : []))
        commits.push(appends.map(({ session_id, events }) => `${session_id.slice(7, 8)}:${events.map(({ seq }) => seq).join()}`))
        return appends.map(({ session_id }) => ({ session_id }) as SessionSummary)
      },
    },
  })
  return { writer, commits, saved }
}

test('what gathers is written in one transaction a tenant, in order', async () => {
  const { writer, commits, saved } = startWriter()
  writer.add(scope, one!, [notice(1)])
  writer.add(scope, two!, [notice(1)])
  writer.add(scope, one!, [notice(2), notice(3)])
  writer.add({ ...scope, tenant_id: TenantId.parse('other') }, three!, [notice(1)])
  await writer.flush()
  expect(commits).toEqual([['1:1,2,3', '2:1'], ['3:1']])
  expect(saved).toEqual(['1:3', '2:1', '3:1'])
})

test('one call that is refused keeps no other from being written', async () => {
  const { writer, commits } = startWriter((change) =>
    'session_id' in change && change.session_id === one ? new StudioError('conflict', 'older attempt', '') : undefined,
  )
  writer.add(scope, one!, [notice(1)])
  writer.add(scope, two!, [notice(1)])
  await writer.flush()
  expect(commits).toEqual([['2:1']])
})

test.each([
  ['a full disk', new StudioError('unavailable', 'The disk is full, so nothing was saved.', 'Make room.')],
  ['what nobody foresaw', new Error('the disk sighed')],
])('what %s keeps from being written for a moment is written later, in order', async (_what, failure) => {
  const { writer, commits } = startWriter((change, time) =>
    time < 3 && 'session_id' in change && change.session_id === one ? failure : undefined,
  )
  writer.add(scope, one!, [notice(1)])
  writer.add(scope, two!, [notice(1)])
  await expect(writer.kept(one!)).rejects.toMatchObject({ code: 'unavailable' })
  expect(commits).toEqual([['2:1']])
  writer.add(scope, one!, [notice(2)])
  await writer.kept(one!)
  expect(commits).toEqual([['2:1'], ['1:1,2']])
})

test('what was written although the answer was lost is not written again, and what came after it is', async () => {
  const lost = new StudioError('unavailable', 'The store has not answered.', '')
  const { writer, commits } = startWriter((_change, time) => (time === 1 ? lost : undefined), [notice(1)])
  writer.add(scope, one!, [notice(1)])
  await expect(writer.kept(one!)).rejects.toMatchObject({ code: 'unavailable' })
  writer.add(scope, one!, [notice(2)])
  await writer.kept(one!)
  expect(commits).toEqual([['1:2']])
})

test('for a store that stays away no more is kept than there is room for; what was said stays, and the journal tells what is missing', () => {
  const said = (seq: number): JournalEvent => ({
    ...{ type: 'transcript.final', turn_id: TurnId.parse('01900001-0000-7000-8000-000000000000') },
    ...{ text: `${seq}`, attempt: 1, seq, at: 0, at_ms: 0 },
  })
  const all = Array.from({ length: 100 }, (_, index) => (index % 2 ? said(index + 1) : notice(index + 1)))
  const { events, dropped } = dropSome(all, 30)
  expect(dropped).toBe(71)
  expect(events).toHaveLength(30)
  expect(events[0]).toMatchObject({ type: 'notice', seq: 1, text: expect.stringContaining('71 events') })
  expect(events.slice(1).map(({ seq }) => seq)).toEqual(Array.from({ length: 29 }, (_, index) => 44 + 2 * index))
  expect(dropSome(all, 100)).toEqual({ events: all, dropped: 0 })
})
