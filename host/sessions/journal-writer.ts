import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { JournalEvent, JournalPosition } from '../../core/contract/session-events.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** Longest time that an event waits for others to be written with, ms. */
const BATCH_MS = 40
const RETRY_MS = 1000

/** These must be on disk before anything follows from them. */
const AT_ONCE: ReadonlySet<JournalEvent['type']> = new Set([
  'output.done',
  'turn.committed',
  'session.started',
  'session.recovered',
  'session.ended',
])

/** Journals of all running sessions on their way to disk, in batches. */
export type JournalWriter = Readonly<{
  add: (scope: TenantScope, session_id: SessionId, events: readonly JournalEvent[]) => void
  /** Resolves when everything added so far is on disk (or was refused). */
  flush: () => Promise<void>
}>

export type JournalWriterOptions = Readonly<{
  calls: Pick<CallStore, 'commit'>
  log: Logger
  onSaved: (session_id: SessionId, position: JournalPosition, session: SessionSummary) => void
}>

type Batch = { scope: TenantScope; session_id: SessionId; events: JournalEvent[] }

export function createJournalWriter({ calls, log, onSaved }: JournalWriterOptions): JournalWriter {
  let waiting = new Map<SessionId, Batch>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeAll)
    return writing
  }

  async function writeAll(): Promise<void> {
    const batches = [...waiting.values()]
    waiting = new Map()
    for (const batch of batches) await write(batch)
  }

  async function write(batch: Batch): Promise<void> {
    const { scope, session_id, events } = batch
    try {
      const [session] = await calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
      const last = events.at(-1)
      if (session && last) onSaved(session_id, { attempt: last.attempt, seq: last.seq }, session)
    } catch (error) {
      if (error instanceof StudioError) {
        log.warn({ session_id, error: error.message }, 'journal events were refused')
        return
      }
      log.error({ session_id, error }, 'journal could not be written; trying again')
      waiting.set(session_id, { ...batch, events: [...events, ...(waiting.get(session_id)?.events ?? [])] })
      timer ??= setTimeout(() => void flush(), RETRY_MS).unref()
    }
  }

  return {
    add(scope, session_id, events) {
      const batch = waiting.get(session_id) ?? { scope, session_id, events: [] }
      batch.events.push(...events)
      waiting.set(session_id, batch)
      if (events.some(({ type }) => AT_ONCE.has(type))) void flush()
      else timer ??= setTimeout(() => void flush(), BATCH_MS)
    },
    flush,
  }
}
