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
  'tool.called',
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
  /** As `flush`, and rejects when something of this call is not on disk: whoever acts upon it must not. */
  kept: (session_id: SessionId) => Promise<void>
}>

export type JournalWriterOptions = Readonly<{
  calls: Pick<CallStore, 'commit'>
  log: Logger
  onSaved: (scope: TenantScope, session_id: SessionId, position: JournalPosition, session: SessionSummary) => void
}>

type Batch = { scope: TenantScope; session_id: SessionId; events: JournalEvent[] }

export function createJournalWriter({ calls, log, onSaved }: JournalWriterOptions): JournalWriter {
  let waiting = new Map<SessionId, Batch>()
  /** Calls of which the newest events could not be written. */
  const unkept = new Set<SessionId>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeAll)
    return writing
  }

  /** One transaction a tenant, however many calls run; each call on its own only when that is refused. */
  async function writeAll(): Promise<void> {
    const all = [...waiting.values()]
    waiting = new Map()
    for (const tenant of new Set(all.map(({ scope }) => scope.tenant_id))) {
      const batches = all.filter(({ scope }) => scope.tenant_id === tenant)
      if (await tryToWrite(batches)) continue
      for (const batch of batches) await write(batch)
    }
  }

  async function tryToWrite(batches: readonly Batch[]): Promise<boolean> {
    if (batches.length < 2) return false
    try {
      await commit(batches)
      return true
    } catch (error) {
      log.debug({ error }, 'a common write of several calls was refused')
      return false
    }
  }

  async function write(batch: Batch): Promise<void> {
    const { session_id, events } = batch
    try {
      await commit([batch])
    } catch (error) {
      unkept.add(session_id)
      // A full disk may have room again; what an older attempt or a call that is gone wrote will never fit.
      if (error instanceof StudioError && error.code !== 'unavailable') {
        log.warn({ session_id, error: error.message }, 'journal events were refused')
        return
      }
      log.error({ session_id, error }, 'journal could not be written; trying again')
      waiting.set(session_id, { ...batch, events: [...events, ...(waiting.get(session_id)?.events ?? [])] })
      timer ??= setTimeout(() => void flush(), RETRY_MS).unref()
    }
  }

  async function commit(batches: readonly Batch[]): Promise<void> {
    const [first] = batches
    if (!first) return
    const sessions = await calls.commit(
      first.scope,
      batches.map(({ session_id, events }) => ({ kind: 'journal.append', session_id, events })),
    )
    for (const { session_id } of batches) unkept.delete(session_id)
    for (const session of sessions) {
      const last = batches.find(({ session_id }) => session_id === session.session_id)?.events.at(-1)
      if (last) onSaved(first.scope, session.session_id, { attempt: last.attempt, seq: last.seq }, session)
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
    async kept(session_id) {
      await flush()
      if (unkept.has(session_id))
        throw new StudioError('unavailable', 'What happened in this call could not be written down.', 'Make room on the disk.')
    },
  }
}
