import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import { SessionId } from '../../core/contract/ids.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { JournalBody, JournalPosition } from '../../core/contract/session-events.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { closeMedia } from './close-media.ts'
import { createJournalWriter } from './journal-writer.ts'
import { createLiveSession, NO_PAST, type LiveSession, type Past } from './live-session.ts'
import { readPast } from './past.ts'
import { buildConfig, type AskedCall } from './session-config.ts'
import { hasEnded } from './session-failure.ts'
import type { SessionDeps } from './session-deps.ts'
import { createSessionStream, type SessionSink, type SessionStream } from './session-stream.ts'
import { builtinModelsOf } from './used-models.ts'

/** An upgraded HTTP request on its way to the process that speaks WebSocket on it. */
export type MediaUpgrade = Readonly<{ headers: Readonly<Record<string, string>>; head: Buffer; socket: Socket }>

export type StartInput = ParsedInputOf<'session.start'>

/** Every call of this host: those that run, and those that are kept. */
export type Sessions = ReturnType<typeof createSessions>

const DELETED_FOR_MS = 30 * 24 * 60 * 60 * 1000

type Running = Readonly<{ scope: TenantScope; asked: AskedCall; live: LiveSession }>

export function createSessions(deps: SessionDeps) {
  const { calls, runtime, log, emit } = deps
  const running = new Map<SessionId, Running>()
  const streams = new Map<SessionId, SessionStream>()
  const announced = new Map<SessionId, string>()
  /** Models of this machine that running calls ask for. */
  const used = new Map<SessionId, readonly string[]>()
  let offline = deps.offline()

  const journal = createJournalWriter({
    calls,
    log,
    onSaved: (session_id, position, session) => {
      streams.get(session_id)?.saved(position)
      announce(session)
    },
  })

  /** Windows hear of a call only when its summary is another one. */
  function announce(session: SessionSummary): void {
    const said = JSON.stringify(session)
    if (announced.get(session.session_id) === said) return
    if (session.state === 'ended') announced.delete(session.session_id)
    else announced.set(session.session_id, said)
    emit({ type: 'session.changed', session })
  }

  function streamOf(scope: TenantScope, session_id: SessionId): SessionStream {
    const existing = streams.get(session_id)
    if (existing) return existing
    const stream = createSessionStream({
      readJournal: (after, limit) => calls.journal(scope, session_id, after, limit),
      onFailure: (error) => log.error({ session_id, error }, 'a subscriber could not be served'),
    })
    streams.set(session_id, stream)
    return stream
  }

  const forgetStream = (session_id: SessionId) => {
    if (!running.has(session_id) && !streams.get(session_id)?.isWatched()) streams.delete(session_id)
  }

  async function configOf(scope: TenantScope, asked: AskedCall) {
    const { agent_id } = asked
    const head = await deps.head(scope, agent_id)
    if (!head) throw new StudioError('not_found', `There is no agent "${agent_id}".`, 'It may have been deleted; look in Agents.')
    return { head, ...(await buildConfig(deps, scope, asked, head)) }
  }

  /** A call may begin only with an agent that is switched on; one that runs keeps running. */
  async function callableConfig(scope: TenantScope, asked: AskedCall) {
    const built = await configOf(scope, asked)
    if (built.head.enabled) return built
    throw new StudioError('conflict', `"${built.document.name}" is disabled.`, 'Enable the agent, then call it.')
  }

  function run(scope: TenantScope, session: StoredSession): LiveSession {
    const { session_id, agent_id, modality, input } = session
    const asked: AskedCall = { agent_id, modality, what_if: input.what_if }
    const stream = streamOf(scope, session_id)
    const live = createLiveSession({
      session_id,
      attempt: session.attempt,
      modality,
      input,
      pool: runtime.sessions,
      log,
      configure: async () => {
        const built = await configOf(scope, asked)
        used.set(session_id, builtinModelsOf(built.document))
        return built
      },
      onEvents: (events) => {
        journal.add(
          scope,
          session_id,
          events.filter((event) => 'seq' in event),
        )
        stream.publish(events)
      },
      beginAttempt: (attempt) => beginAttempt(scope, session_id, attempt),
      onEnded: () => {
        running.delete(session_id)
        used.delete(session_id)
        forgetStream(session_id)
      },
    })
    running.set(session_id, { scope, asked, live })
    return live
  }

  /** Calls that are alike share one configuration, which is made once. */
  function refresh(isMeant: (call: Running) => boolean): void {
    const made = new Map<string, ReturnType<typeof configOf>>()
    for (const [session_id, call] of [...running].filter(([, one]) => isMeant(one))) {
      const { agent_id, modality, what_if } = call.asked
      const alike = JSON.stringify([call.scope.tenant_id, agent_id, modality, what_if])
      const config = made.get(alike) ?? configOf(call.scope, call.asked)
      made.set(alike, config)
      config.then(
        ({ document }) => running.get(session_id) === call && used.set(session_id, builtinModelsOf(document)),
        // Each call tells its own failure; one that is over just then has nobody to tell.
        (error: unknown) => log.debug({ agent_id, error }, 'a change cannot be used in calls'),
      )
      void call.live.refresh(config)
    }
  }

  async function beginAttempt(scope: TenantScope, session_id: SessionId, attempt: number): Promise<Past> {
    await journal.flush()
    const past = await readPast(calls, scope, session_id)
    await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt }])
    return past
  }

  /** What was announced of a call is on disk before it is read. */
  async function find(scope: TenantScope, session_id: SessionId): Promise<StoredSession> {
    await journal.flush()
    const session = await calls.find(scope, session_id)
    if (session) return session
    throw new StudioError('not_found', 'There is no such call.', 'It may have been deleted for good; look in Calls.')
  }

  async function summary(scope: TenantScope, session_id: SessionId): Promise<SessionSummary> {
    const { input: _, ...session } = await find(scope, session_id)
    return session
  }

  const reply = async (scope: TenantScope, session_id: SessionId) => ({
    session: await summary(scope, session_id),
    media_path: `/media/${session_id}`,
  })

  async function start(scope: TenantScope, { agent_id, modality, variables, script, seed, what_if }: StartInput) {
    const { head, document } = await callableConfig(scope, { agent_id, modality, what_if })
    const session_id = SessionId.parse(v7())
    const session: StoredSession = {
      session_id,
      kind: 'direct',
      modality,
      agent_id,
      agent_name: document.name,
      revision: head.revision,
      state: 'starting',
      attempt: 1,
      started_at: Date.now(),
      turn_count: 0,
      preview: '',
      input: { variables, script, seed: seed ?? randomInt(2 ** 31), what_if },
    }
    const [created] = await calls.commit(scope, [{ kind: 'session.create', session }])
    if (created) announce(created)
    await run(scope, session).begin(NO_PAST, [])
    return reply(scope, session_id)
  }

  async function resume(scope: TenantScope, session_id: SessionId) {
    const ended = await find(scope, session_id)
    if (ended.state !== 'ended' || running.has(session_id)) {
      throw new StudioError('conflict', 'This call is still going on.', 'Open it in Calls; nothing has to be resumed.')
    }
    if (ended.deleted_at !== undefined) {
      throw new StudioError('conflict', 'This call is deleted.', 'Bring it back first, then resume it.')
    }
    const { agent_id, modality, input } = ended
    await callableConfig(scope, { agent_id, modality, what_if: input.what_if })
    const attempt = ended.attempt + 1
    const past = await beginAttempt(scope, session_id, attempt)
    const recovered: JournalBody = {
      type: 'session.recovered',
      reason: `resumed after ${ended.end_reason ?? 'its end'}`,
      gap_ms: Math.max(0, Date.now() - (ended.ended_at ?? Date.now())),
    }
    await run(scope, { ...ended, attempt }).begin(past, [recovered])
    return reply(scope, session_id)
  }

  async function live(scope: TenantScope, session_id: SessionId): Promise<LiveSession> {
    const found = running.get(session_id)
    if (found && found.scope.tenant_id === scope.tenant_id) return found.live
    await find(scope, session_id)
    throw hasEnded()
  }

  async function stop(scope: TenantScope, session_id: SessionId): Promise<SessionSummary> {
    const found = running.get(session_id)
    if (found && found.scope.tenant_id === scope.tenant_id) await found.live.end('stopped')
    return summary(scope, session_id)
  }

  async function setDeleted(scope: TenantScope, session_id: SessionId, deleted: boolean): Promise<SessionSummary> {
    if (deleted) await stop(scope, session_id)
    const [session] = await calls.commit(scope, [
      deleted ? { kind: 'session.delete', session_id, at: Date.now() } : { kind: 'session.undelete', session_id },
    ])
    if (!session) return summary(scope, session_id)
    emit(deleted ? { type: 'session.deleted', session_id } : { type: 'session.changed', session })
    return session
  }

  return {
    start,
    resume,
    live,
    stop,
    summary,
    setDeleted,
    list: calls.list,
    /** What running calls ask for, as `builtinModelsOf` names it. */
    usedModels: (): string[] => [...used.values()].flat(),
    journal: async (scope: TenantScope, session_id: SessionId, after: JournalPosition, limit: number) => {
      await find(scope, session_id)
      return calls.journal(scope, session_id, after, limit)
    },

    /** See `SessionStream.subscribe`; rejects with `not_found`. */
    async subscribe(scope: TenantScope, session_id: SessionId, after: JournalPosition, sink: SessionSink): Promise<() => void> {
      await find(scope, session_id)
      const unsubscribe = streamOf(scope, session_id).subscribe(after, sink)
      return () => {
        unsubscribe()
        forgetStream(session_id)
      }
    },

    /** Hands the socket to the process that holds the session; a call that is being recovered gets it when its new process is ready. */
    async attachMedia(scope: TenantScope, id: string, { headers, head, socket }: MediaUpgrade): Promise<void> {
      // Whoever resets the connection while it waits here must not end the host.
      socket.on('error', () => socket.destroy())
      const session_id = SessionId.safeParse(id).data
      const known = session_id && (await calls.find(scope, session_id))
      const found = session_id && running.get(session_id)
      if (!session_id || !known) return closeMedia(headers, socket, 'unknown')
      if (!found) return closeMedia(headers, socket, 'ended')
      if (known.modality === 'text') return closeMedia(headers, socket, 'text')
      try {
        await found.live.send({ type: 'media', session_id, headers: { ...headers }, head: head.toString('base64') }, socket)
      } catch (error) {
        log.debug({ session_id, error }, 'an audio socket found no process')
        if (found.live.isOver()) closeMedia(headers, socket, 'ended')
        else socket.destroy()
      }
    },

    /** A saved revision reaches the agent's running calls at once; they use it from their next turn. */
    onStudioEvent(event: StudioEvent): void {
      if (event.type === 'agent.changed') {
        const { agent_id, revision } = event.agent
        refresh(({ asked, live }) => asked.agent_id === agent_id && live.revision() < revision)
      }
      if (event.type === 'setting.changed' && event.settings.offline !== offline) {
        offline = event.settings.offline
        refresh(() => true)
      }
    },

    /** Once at the start: calls that the last host left behind have lost their connection; they can be resumed. */
    async recover(): Promise<void> {
      for (const { scope, session, last } of await calls.listUnended()) {
        const ended: JournalBody = { type: 'session.ended', reason: 'connection_lost' }
        const event = {
          ...ended,
          attempt: last.attempt,
          seq: last.seq + 1,
          at: Date.now(),
          at_ms: Date.now() - session.started_at,
        }
        await calls.commit(scope, [{ kind: 'journal.append', session_id: session.session_id, events: [event] }])
      }
      const purged = await calls.purgeDeleted(Date.now() - DELETED_FOR_MS)
      if (purged > 0) log.info({ purged }, 'calls deleted more than 30 days ago were removed')
    },

    /** From now on one session process is kept ready for the next call. */
    warm: () => runtime.sessions.keepWarm(),

    async close(): Promise<void> {
      await Promise.all([...running.values()].map(({ live }) => live.end('studio_closed')))
      await journal.flush()
    },
  }
}
