import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { JournalEvent, JournalPosition } from '../../core/contract/session-events.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { dropSome } from './journal-bound.ts'

/** Longest time that an event waits for others to be written with, ms. */
const BATCH_MS = 40
const RETRY_MS = 1000
/** More wait in memory for no store, over all calls, and then for no call. */
const MOST_WAITING = 50_000
const MOST_OF_CALL = 2_000
/** So many calls in a row cannot be written: the others wait. */
const GIVE_UP = 2
const PAGE = 5000

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
  calls: Pick<CallStore, 'commit' | 'journal'>
  log: Logger
  onSaved: (scope: TenantScope, session_id: SessionId, position: JournalPosition, session: SessionSummary) => void
}>

/** `tried`: nobody knows whether some of it was written. */
type Batch = { scope: TenantScope; session_id: SessionId; events: JournalEvent[]; tried?: boolean }

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
      let failures = 0
      for (const batch of batches) {
        if (failures >= GIVE_UP) putBack(batch)
        else failures = (await write(batch)) ? 0 : failures + 1
      }
    }
  }

  async function tryToWrite(batches: readonly Batch[]): Promise<boolean> {
    if (batches.length < 2 || batches.some(({ tried }) => tried)) return false
    try {
      await commit(batches)
      return true
    } catch (error) {
      if (isAway(error)) for (const batch of batches) batch.tried = true
      log.debug({ error }, 'a common write of several calls was refused')
      return false
    }
  }

  /** Resolves to false when it has to be tried again. */
  async function write(batch: Batch): Promise<boolean> {
    const { session_id } = batch
    try {
      const rest = batch.tried ? await unwritten(batch) : batch.events
      if (rest.length > 0) await commit([{ ...batch, events: rest }])
      unkept.delete(session_id)
      return true
    } catch (error) {
      unkept.add(session_id)
      // A full disk may have room again; what an older attempt or a call that is gone wrote will never fit.
      if (!isAway(error)) {
        log.warn({ session_id, error: error instanceof Error ? error.message : error }, 'journal events were refused')
        return true
      }
      log.error({ session_id, error }, 'journal could not be written; trying again')
      putBack(batch)
      return false
    }
  }

  /** A write whose answer was lost may have happened. */
  async function unwritten({ scope, session_id, events }: Batch): Promise<JournalEvent[]> {
    const [first] = events
    if (!first) return events
    const { attempt, seq } = first
    const page = await calls.journal(scope, session_id, { attempt, seq: seq - 1 }, PAGE)
    const last = page.events.findLast((event) => event.attempt === attempt)
    return last ? events.filter((event) => event.attempt !== attempt || event.seq > last.seq) : events
  }

  /** Before what has come since. */
  function putBack(batch: Batch): void {
    const { session_id } = batch
    unkept.add(session_id)
    const all = [...batch.events, ...(waiting.get(session_id)?.events ?? [])]
    const isFull = waitingEvents() + batch.events.length > MOST_WAITING
    const { events, dropped } = isFull ? dropSome(all, MOST_OF_CALL) : { events: all, dropped: 0 }
    if (dropped > 0) log.error({ session_id, dropped }, 'events of a call were dropped: too many wait for the store')
    waiting.set(session_id, { ...batch, events, tried: true })
    timer ??= setTimeout(() => void flush(), RETRY_MS).unref()
  }
  const waitingEvents = (): number => [...waiting.values()].reduce((sum, { events }) => sum + events.length, 0)

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

/** It may go better later. */
const isAway = (error: unknown): boolean => !(error instanceof StudioError) || error.code === 'unavailable'
