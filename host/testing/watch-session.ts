import type { SessionId } from '../../core/contract/ids.ts'
import { isJournalEvent, type JournalEvent, type SessionEvent } from '../../core/contract/session-events.ts'
import { createLookout } from '../../core/testing/lookout.ts'
import { callerWith, type TestHost } from './start-test-host.ts'

/** Everything that a session tells, and waiting for it. What is waited for never comes in a call that has failed: then it rejects. */
export async function watchSession({ host }: Pick<TestHost, 'host'>, session_id: SessionId) {
  const events: SessionEvent[] = []
  const lookout = createLookout()
  await host.subscribeSession(
    callerWith('viewer'),
    session_id,
    { attempt: 0, seq: 0 },
    {
      bufferedBytes: () => 0,
      send: (message) => {
        events.push(...message.events)
        lookout.heard()
      },
    },
  )
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    lookout.until(() => {
      const found = find()
      const failure = events.find((event) => event.type === 'session.error' && !event.recoverable)
      if (found === undefined && failure) throw new Error(`the call failed: ${JSON.stringify(failure)}`)
      return found
    })
  const ofType = <Type extends JournalEvent['type']>(type: Type) =>
    events.filter(isJournalEvent).filter((event): event is JournalEvent & { type: Type } => event.type === type)
  return {
    journal: () => events.filter(isJournalEvent),
    until,
    /** The first that fits, or the n-th from 1. */
    journaled: <Type extends JournalEvent['type']>(
      type: Type,
      fits: (event: JournalEvent & { type: Type }) => boolean = () => true,
      nth = 1,
    ) => until(() => ofType(type).filter(fits)[nth - 1]),
  }
}
