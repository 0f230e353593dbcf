import type { Socket } from 'node:net'
import { StudioError } from '../../core/contract/errors.ts'
import { isJournalEvent, type JournalBody, type SessionEvent } from '../../core/contract/session-events.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { PastLine, SessionConfig, SessionSpec, ToRuntime } from '../../core/contract/runtime.ts'
import type { WhatIf } from '../../core/store/calls.ts'
import type { Logger } from 'pino'
import { deferred } from '../runtime/deferred.ts'
import type { SessionMessage, SessionPool, SessionSlot } from '../runtime/session-pool.ts'
import { createEventClock } from './event-clock.ts'
import type { Substitution } from './fit-block.ts'
import { causeOf, diedTooOften, hasEnded, lostProcess, neverBegan } from './session-failure.ts'
import { createUnansweredLines } from './unanswered-lines.ts'

/** What a session goes on from. `script_used`: how many lines of the rehearsal's script were spoken. */
export type Past = Readonly<{ history: readonly PastLine[]; turn_count: number; script_used: number }>
export const NO_PAST: Past = { history: [], turn_count: 0, script_used: 0 }

export type Configured = Readonly<{ config: SessionConfig; substitutions: readonly Substitution[] }>

export type LiveSessionOptions = Readonly<{
  session_id: SessionId
  attempt: number
  modality: 'voice' | 'text'
  input: Readonly<{ variables: SessionSpec['variables']; script: readonly string[]; seed: number; what_if: WhatIf }>
  pool: SessionPool
  log: Logger
  /** Head of its agent as it is now, made for this machine. */
  configure: () => Promise<Configured>
  /** Everything that happens, in order; what is journaled has its final position. */
  onEvents: (events: readonly SessionEvent[]) => void
  /** Makes the attempt the present one and resolves to the conversation so far. */
  beginAttempt: (attempt: number) => Promise<Past>
  onEnded: () => void
}>

/** One running call, whichever process holds it at the moment. */
export type LiveSession = Readonly<{
  /** Resolves when the agent is there; rejects when the call could not begin. */
  begin: (past: Past, first: readonly JournalBody[]) => Promise<void>
  revision: () => number
  isOver: () => boolean
  /** Waits for a process that is being replaced. */
  send: (message: ToRuntime, socket?: Socket) => Promise<void>
  /** What the caller types; kept until it was heard, so that a dying process does not swallow it. */
  say: (text: string) => Promise<void>
  /** Sends head's configuration when it is another than what answers now. `made`: by whoever made it for several calls at once. */
  refresh: (made?: Promise<Configured>) => Promise<void>
  /** Puts something that the host or the page saw into the journal. */
  note: (body: JournalBody) => void
  /** Resolves when the call is over, by force when the process does not answer. */
  end: (reason: string) => Promise<void>
}>

const END_GRACE_MS = 5000
/** Models load and engines start in this time, also on slow machines. */
const START_MS = 60_000
/** So many deaths within this time are no accident. */
const DEATHS = 3
const DEATHS_WITHIN_MS = 60_000

/** One revision is another configuration when keys, models or offline mode have changed. */
const sameConfig = (one: SessionConfig, other: SessionConfig): boolean => JSON.stringify(one) === JSON.stringify(other)

export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { session_id, pool, log, onEvents } = options
  const clock = createEventClock(options.attempt)
  const over = deferred<void>()
  let attempt = options.attempt
  let state: 'starting' | 'active' | 'ending' | 'over' = 'starting'
  let endReason = 'stopped'
  let started = deferred<SessionSlot>()
  let slot: SessionSlot | undefined
  let ready = false
  let config: SessionConfig | undefined
  let deaths: number[] = []

  const told = new Set<string>()
  const unanswered = createUnansweredLines()

  const isOver = () => state === 'over'
  const note = (body: JournalBody) => {
    if (!isOver()) onEvents([clock.stamp(body)])
  }

  /** What head says now; while a call is being recovered, what answered before is better than no answer. */
  async function configure(made: Promise<Configured>): Promise<SessionConfig> {
    try {
      const { config: newest, substitutions } = await made
      for (const substitution of substitutions) {
        const known = `${substitution.kind} ${substitution.asked}`
        if (!told.has(known)) note(substitution)
        told.add(known)
      }
      return newest
    } catch (error) {
      if (!config || state === 'active') throw error
      tellNotUsed(error)
      return config
    }
  }

  /** `placed`: a process is there, and nothing of this attempt is journaled yet. */
  async function run(past: Past, placed: () => void): Promise<void> {
    const mine = attempt
    let dead = false
    slot = await pool.acquire(session_id, {
      onMessage: (message) => {
        if (attempt === mine && !isOver()) receive(message)
      },
      onGone: (how) => {
        dead = true
        if (attempt === mine && !isOver()) void replace(how)
      },
    })
    placed()
    config = await configure(options.configure())
    if (isOver()) slot?.release()
    if (dead || isOver()) return
    const { modality, input } = options
    const session = {
      session_id,
      attempt,
      modality,
      config,
      variables: input.variables,
      ...(Object.keys(input.what_if).length > 0 && { what_if: input.what_if }),
      script: input.script.slice(past.script_used),
      seed: input.seed,
      history: [...past.history],
      turn_count: past.turn_count,
    }
    // A process that cannot be told is dead or dying, and its death is what is acted upon.
    await slot
      ?.send({ type: 'start', session })
      .catch((error: unknown) => log.debug({ session_id, error }, 'start not delivered'))
  }

  function receive(message: SessionMessage): void {
    switch (message.type) {
      case 'started':
        ready = true
        return goLive()
      case 'events':
        pass(message.events)
        return goLive()
      case 'failed':
        note({ type: 'session.error', source: 'runtime', error: message.error, recoverable: false })
        return finish(
          'failed',
          new StudioError(message.error.code, message.error.message, message.error.hint, message.error.problems),
        )
      case 'ended':
        return finish(message.reason)
    }
  }

  /** The process says that the call is there, and the journal says so too. */
  function goLive(): void {
    if (state !== 'starting' || !ready || !slot || !clock.hasStarted()) return
    state = 'active'
    started.resolve(slot)
    for (const text of unanswered.takeAgain()) void slot.send({ type: 'say', session_id, text }).catch(ignored)
    void refresh().catch(tellNotUsed)
  }

  function pass(events: readonly SessionEvent[]): void {
    const kept = events.flatMap((event): SessionEvent[] => {
      if (!isJournalEvent(event)) return [event]
      if (event.type === 'transcript.final') unanswered.heard(event.text)
      const placed = clock.place(event)
      return placed ? [placed] : []
    })
    if (kept.length > 0) onEvents(kept)
  }

  /** The process died: another one goes on from the journal, unless that happens again and again. */
  async function replace(how: string): Promise<void> {
    slot?.release()
    slot = undefined
    if (state === 'ending') return finish(endReason)
    const diedAt = performance.now()
    deaths = [...deaths.filter((at) => diedAt - at < DEATHS_WITHIN_MS), diedAt]
    if (deaths.length >= DEATHS) {
      const gaveUp = diedTooOften(DEATHS, how)
      note({ type: 'session.error', source: 'runtime', error: gaveUp.body, recoverable: false })
      return finish('runtime_failed', gaveUp)
    }
    note({ type: 'session.error', source: 'runtime', error: lostProcess(how).body, recoverable: true })
    if (state === 'active') started = deferred()
    state = 'starting'
    ready = false
    try {
      attempt += 1
      const past = await options.beginAttempt(attempt)
      await run(past, () => {
        clock.nextAttempt(attempt)
        note({ type: 'session.recovered', reason: how, gap_ms: performance.now() - diedAt })
      })
    } catch (error) {
      if (!isOver()) await replace(causeOf(error).message)
    }
  }

  async function refresh(made?: Promise<Configured>): Promise<void> {
    if (state !== 'active' || !slot) return
    const newest = await configure(made ?? options.configure())
    if (!config || newest.revision < config.revision || sameConfig(newest, config)) return
    config = newest
    await slot.send({ type: 'configure', session_id, config: newest })
  }

  function tellNotUsed(error: unknown): void {
    const { message, hint, code, problems } = causeOf(error)
    log.warn({ session_id, error }, 'a saved change could not reach a running call')
    const told = new StudioError(code, `The saved change is not used in this call: ${message}`, hint, problems)
    note({ type: 'session.error', source: 'runtime', error: told.body, recoverable: true })
  }

  function finish(reason: string, failure?: StudioError): void {
    if (state === 'over') return
    if (!clock.hasEnded()) note({ type: 'session.ended', reason })
    state = 'over'
    slot?.release()
    started.reject(failure ?? hasEnded())
    over.resolve()
    options.onEnded()
  }

  return {
    async begin(past, first) {
      try {
        await run(past, () => first.forEach(note))
      } catch (error) {
        const failure = causeOf(error)
        note({ type: 'session.error', source: 'runtime', error: failure.body, recoverable: false })
        finish('failed', failure)
        throw failure
      }
      const late = setTimeout(() => {
        void slot?.send({ type: 'end', session_id, reason: 'failed' }).catch(ignored)
        const failure = neverBegan(START_MS)
        note({ type: 'session.error', source: 'runtime', error: failure.body, recoverable: false })
        finish('failed', failure)
      }, START_MS)
      await started.promise.finally(() => clearTimeout(late))
    },
    revision: () => config?.revision ?? 0,
    isOver,
    async send(message, socket) {
      if (isOver()) throw hasEnded()
      const ready = await started.promise
      await ready.send(message, socket)
    },
    async say(text) {
      if (isOver()) throw hasEnded()
      unanswered.add(text)
      if (state !== 'active') return void (await started.promise)
      // A process that just dies does not get it; the next one will.
      await slot?.send({ type: 'say', session_id, text }).catch(ignored)
    },
    refresh: (made) => refresh(made).catch(tellNotUsed),
    note,
    async end(reason) {
      if (state === 'over') return
      state = 'ending'
      endReason = reason
      const force = setTimeout(() => {
        log.warn({ session_id }, 'the session process did not end the call in time')
        finish(reason)
      }, END_GRACE_MS)
      // A process that is just dying ends the call by its death.
      slot
        ?.send({ type: 'end', session_id, reason })
        .catch((error: unknown) => log.debug({ session_id, error }, 'end not delivered'))
      if (!slot) finish(reason)
      await over.promise
      clearTimeout(force)
    },
  }
}

const ignored = (): void => undefined
