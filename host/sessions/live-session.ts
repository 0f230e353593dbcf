import type { Socket } from 'node:net'
import { StudioError } from '../../core/contract/errors.ts'
import { isJournalEvent, type JournalBody, type JournalEvent, type SessionEvent } from '../../core/contract/session-events.ts'
import type { AgentId, SessionId, TenantId } from '../../core/contract/ids.ts'
import type { SessionConfig, ToRuntime } from '../../core/contract/runtime.ts'
import type { CallInput } from '../../core/store/calls.ts'
import type { Logger } from 'pino'
import type { RoomSeat } from '../livekit/room-seat.ts'
import { deferred, type Deferred } from '../runtime/deferred.ts'
import type { SessionMessage, SessionPool, SessionSlot } from '../runtime/session-pool.ts'
import { createConfigInUse, type Configured } from './config-in-use.ts'
import { createDeathCount, DEATHS } from './death-count.ts'
import { createEventClock } from './event-clock.ts'
import type { Past } from './past.ts'
import { createProcessQuestions } from './process-questions.ts'
import { causeOf, diedTooOften, hasEnded, lostProcess, neverBegan } from './session-failure.ts'
import { specOf } from './session-spec.ts'
import { createUnansweredLines } from './unanswered-lines.ts'

export type LiveSessionOptions = Readonly<{
  session_id: SessionId
  attempt: number
  modality: 'voice' | 'text'
  tenant_id?: TenantId
  input: CallInput
  /** Of the first attempt, ms since the epoch. */
  started_at: number
  pool: Pick<SessionPool, 'acquire'>
  log: Logger
  /** Head of its agent as it is now, made for this machine. */
  configure: () => Promise<Configured>
  /** Everything that happens, in order; what is journaled has its final position. */
  onEvents: (events: readonly SessionEvent[]) => void
  /** Makes the attempt the present one and resolves to the conversation so far. */
  beginAttempt: (attempt: number) => Promise<Past>
  /** Whether this attempt is the one that goes on, as all hosts see it. */
  isCurrent: (attempt: number) => Promise<boolean>
  /** Resolves when everything that was told so far is on disk. */
  flush: () => Promise<void>
  /** Lets another agent go on, as the present one asks. */
  handOff: (agent_id: AgentId, history: KeepHistory) => Promise<void>
  /** `ended_at`: as its journal says. `failure`: why it could not go on. */
  onEnded: (reason: string, ended_at: number, failure?: StudioError) => void
}> &
  RoomPlace

/** Of a room call. `caller_identity`: whom the agent listens to, as far as that is known already. */
type RoomPlace = Readonly<{ seat?: RoomSeat; caller_identity?: string | undefined }>
export type KeepHistory = 'keep' | 'clear'

/** One running call, whichever process holds it at the moment. */
export type LiveSession = Readonly<{
  /** Resolves when the agent is there; rejects when the call could not begin. */
  begin: (past: Past, first: readonly JournalBody[]) => Promise<void>
  revision: () => number
  attempt: () => number
  isOver: () => boolean
  /** Waits for a process that is being replaced. */
  send: (message: ToRuntime, socket?: Socket) => Promise<void>
  /** What the caller types; kept until it was heard, so that a dying process does not swallow it. */
  say: (text: string) => Promise<void>
  /** Sends head's configuration when it is another than what answers now. `made`: by whoever made it for several calls at once. */
  refresh: (made?: Promise<Configured>) => Promise<void>
  /** Another agent's configuration, from the next turn; resolves when the process has taken it over. */
  switchTo: (config: SessionConfig, history: KeepHistory, speak: boolean) => Promise<void>
  /** Puts something that the host or the page saw into the journal. */
  note: (body: JournalBody) => void
  /** Resolves when the call is over, by force when the process does not answer. */
  end: (reason: string) => Promise<void>
}>

type Configure = Extract<ToRuntime, { type: 'configure' }>

/** How a process ends whose place in the room was taken. */
const DISPLACED = 'displaced'
const END_GRACE_MS = 5000
/** Models load and engines start in this time, also on slow machines. */
const START_MS = 60_000
const ASKED_BY_CALLER: ReadonlySet<string> = new Set(['voice', 'text'])

export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { session_id, pool, log } = options
  const clock = createEventClock(options.attempt)
  const over = deferred<void>()
  let attempt = options.attempt
  let ended_at: number | undefined
  let state: 'starting' | 'active' | 'ending' | 'over' = 'starting'
  let endReason = 'stopped'
  let started = deferred<SessionSlot>()
  let slot: SessionSlot | undefined
  let ready = false
  /** Whether the process knows of the session, and can end it. */
  let isTold = false
  /** The turn that answers what the caller says now. */
  let answering: string | undefined
  let caller = options.caller_identity
  /** Sent, and not confirmed yet: the next process is told again. */
  let switching: { message: Configure; taken: Deferred<void> } | undefined

  const unanswered = createUnansweredLines()
  const deaths = createDeathCount()

  const isOver = () => state === 'over'
  const onEvents = (events: readonly SessionEvent[]) => {
    for (const event of events) if (event.type === 'session.ended') ended_at = event.at
    options.onEvents(events)
  }
  const note = (body: JournalBody) => {
    if (!isOver()) onEvents([clock.stamp(body)])
  }
  const inUse = createConfigInUse({
    session_id,
    make: options.configure,
    isActive: () => state === 'active',
    send: async (config) => slot?.send({ type: 'configure', session_id, config }),
    note,
    log,
  })
  const questions = createProcessQuestions({
    ...{ ...options, asking: () => slot },
    // One that cannot be asked keeps nobody out of a room.
    mayJoin: () => options.isCurrent(attempt).catch(() => true),
    onSuperseded: () => void end('superseded'),
  })

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
    // Over while its process started: its place is free again.
    if (isOver()) return slot.release()
    placed()
    const [newest, room] = await Promise.all([inUse.newest(), options.seat?.join(caller)])
    inUse.use(newest)
    if (isOver()) slot?.release()
    if (dead || isOver()) return
    const session = specOf({ ...options, attempt }, newest, past, room)
    isTold = true
    // A process that cannot be told is dead or dying, and its death is what is acted upon.
    await slot
      ?.send({ type: 'start', session })
      .catch((error: unknown) => log.debug({ session_id, error }, 'start not delivered'))
  }

  function receive(message: SessionMessage): void {
    switch (message.type) {
      case 'sync':
      case 'room.token':
      case 'handoff':
        return questions.answer(message)
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
        return message.reason === DISPLACED ? void displaced() : finish(message.reason)
    }
  }

  /** The process says that the call is there, and the journal says so too. */
  function goLive(): void {
    if (state !== 'starting' || !ready || !slot || !clock.hasStarted()) return
    state = 'active'
    started.resolve(slot)
    for (const text of unanswered.takeAgain()) void slot.send({ type: 'say', session_id, text }).catch(ignored)
    if (switching) void slot.send(switching.message).catch(ignored)
    void inUse.refresh()
  }

  function pass(events: readonly SessionEvent[]): void {
    const kept = events.flatMap((event): SessionEvent[] => {
      // Whether that is the end is not for the process to say.
      if (event.type === 'session.ended' && event.reason === DISPLACED) return []
      if (!isJournalEvent(event)) return [event]
      const placed = clock.place(event)
      if (placed) learn(placed)
      return placed ? [placed] : []
    })
    if (kept.length > 0) onEvents(kept)
  }

  /** What an event says about the call itself. */
  function learn(event: JournalEvent): void {
    if (event.type === 'transcript.final') unanswered.heard(event.text)
    if (event.type === 'turn.started' && ASKED_BY_CALLER.has(event.source)) answering = event.turn_id
    if (event.type === 'turn.committed' && event.turn_id === answering) deaths.gotOn()
    if (event.type === 'participant' && event.caller && event.change !== 'left') caller = event.identity
    if (event.type !== 'config.changed' || event.agent_id !== switching?.message.config.agent_id) return
    switching.taken.resolve()
    switching = undefined
  }

  /** The process died: another one goes on from the journal, unless that happens again and again. */
  async function replace(how: string): Promise<void> {
    slot?.release()
    slot = undefined
    if (state === 'ending') return finish(endReason)
    const diedAt = performance.now()
    if (deaths.died(diedAt)) {
      const gaveUp = diedTooOften(DEATHS, how)
      note({ type: 'session.error', source: 'runtime', error: gaveUp.body, recoverable: false })
      return finish('runtime_failed', gaveUp)
    }
    note({ type: 'session.error', source: 'runtime', error: lostProcess(how).body, recoverable: true })
    if (state === 'active') started = deferred()
    state = 'starting'
    ready = false
    isTold = false
    try {
      attempt += 1
      const past = await options.beginAttempt(attempt)
      await run(past, () => {
        clock.nextAttempt(attempt)
        note({ type: 'session.recovered', reason: how, gap_ms: performance.now() - diedAt })
      })
    } catch (error) {
      if (isOver()) return
      // Another host goes on with it: the attempt is no longer ours to take.
      if (error instanceof StudioError && error.code === 'conflict') return finish('superseded')
      await replace(causeOf(error).message)
    }
  }

  /**
   * Somebody came into the room under the identity of this call: its successor, to whom it is left, or a process that was stopped for a while
   * and has not heard yet that this one goes on. Without a word from the store it is the former.
   */
  async function displaced(): Promise<void> {
    const mine = attempt
    const isCurrent = await options.isCurrent(mine).catch(() => false)
    if (attempt !== mine || isOver()) return
    if (isCurrent) await replace('an older agent of this call came into its room again')
    else finish('superseded')
  }

  function finish(reason: string, failure?: StudioError): void {
    if (state === 'over') return
    if (!clock.hasEnded()) note({ type: 'session.ended', reason })
    state = 'over'
    slot?.release()
    started.reject(failure ?? hasEnded())
    switching?.taken.reject(hasEnded())
    over.resolve()
    options.onEnded(reason, ended_at ?? Date.now(), failure)
  }

  async function end(reason: string): Promise<void> {
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
    if (!slot || !isTold) finish(reason)
    await over.promise
    clearTimeout(force)
  }

  return {
    async begin(past, first) {
      try {
        const place = () => run(past, () => first.forEach(note))
        // One that did not even start, on a machine that is busy, says nothing about the next.
        await place().catch((error: unknown) => {
          if (slot || isOver()) throw error
          log.warn({ session_id, error }, 'a session process did not start; trying another one')
          return place()
        })
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
    revision: inUse.revision,
    attempt: () => attempt,
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
    refresh: inUse.refresh,
    async switchTo(next, history, speak) {
      if (isOver()) throw hasEnded()
      await started.promise
      const message: Configure = { type: 'configure', session_id, config: next, history, ...(speak && { speak }) }
      switching?.taken.resolve()
      const taken = deferred<void>()
      switching = { message, taken }
      inUse.use(next)
      // A process that is just dying does not get it; the next one will.
      await slot?.send(message).catch(ignored)
      await taken.promise
    },
    note,
    end,
  }
}

const ignored = (): void => undefined
