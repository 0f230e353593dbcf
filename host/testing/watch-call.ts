import type { Caller } from '../../core/contract/caller.ts'
import type { AgentId } from '../../core/contract/ids.ts'
import { isJournalEvent, type JournalEvent } from '../../core/contract/session-events.ts'
import { createLookout } from '../../core/testing/lookout.ts'
import type { ServedTestHost } from './start-served-host.ts'

/** A call by text on a server's host, and what its journal says as it is told. */
export async function watchCall({ host, get }: ServedTestHost, caller: Caller, agent_id: AgentId) {
  const { session } = await get(caller, 'session.start', { agent_id, modality: 'text' })
  const { session_id } = session
  const events: JournalEvent[] = []
  const lookout = createLookout()
  const sink = {
    bufferedBytes: () => 0,
    send: (message: Readonly<{ events: readonly Parameters<typeof isJournalEvent>[0][] }>) => {
      events.push(...message.events.filter(isJournalEvent))
      lookout.heard()
    },
  }
  await host.subscribeSession(caller, session_id, { attempt: 0, seq: 0 }, sink)
  return {
    session_id,
    events: (): readonly JournalEvent[] => [...events],
    /** The first that fits, or the n-th of its type from 1. */
    journaled: (type: JournalEvent['type'], nth = 1) =>
      lookout.until(() => events.filter((event) => event.type === type)[nth - 1]),
    revision: (revision: number) =>
      lookout.until(() => events.find((event) => event.type === 'config.changed' && event.revision === revision)),
  }
}
