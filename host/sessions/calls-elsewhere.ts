import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { CallStore, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SessionAsk, SessionCommands } from '../../core/store/session-commands.ts'
import { heldElsewhere } from './session-failure.ts'

/** Where the store cannot tell. */
const POLL_MS = 500
/** What is asked for is done within milliseconds, or takes its time. */
const LOOK_MS = { least: 10, most: 100 }
const ANSWER_MS = 5000

export type ElsewhereDeps = Readonly<{
  calls: Pick<CallStore, 'find'>
  /** Absent: no other host shares the calls. */
  commands?: SessionCommands | undefined
  owner: string
  log: Logger
  /** Something is asked of a call that this host holds. */
  obey: (scope: TenantScope, session_id: SessionId, ask: SessionAsk) => Promise<void>
}>

/** What hosts that share their calls ask of each other. */
export function createCallsElsewhere({ calls, commands, owner, log, obey }: ElsewhereDeps) {
  let taking = false
  let again = false
  let timer: NodeJS.Timeout | undefined
  let unwatch: (() => void) | undefined

  async function take(): Promise<void> {
    again = true
    if (taking || !commands) return
    taking = true
    try {
      while (again) {
        again = false
        for (const { scope, command } of await commands.take(owner)) {
          const { session_id, ask } = command
          obey(scope, session_id, ask).catch((error: unknown) =>
            log.warn({ session_id, ask: ask.ask, error }, 'what another host asked for could not be done'),
          )
        }
      }
    } catch (error) {
      log.warn({ error }, 'what other hosts ask for could not be read')
    } finally {
      taking = false
    }
  }

  /** Tells whoever holds a call, or the one that takes it over, and does not wait for what becomes of it. */
  async function tell(scope: TenantScope, session_id: SessionId, ask: SessionAsk): Promise<void> {
    if (!commands) throw heldElsewhere()
    await commands.send(scope, { command_id: v7(), session_id, at: Date.now(), ask })
  }

  return {
    /** Listens for what others ask, from now on. */
    begin(): void {
      if (!commands) return
      unwatch = commands.watch?.(() => void take())
      timer ??= setInterval(() => void take(), unwatch ? POLL_MS * 4 : POLL_MS).unref()
    },
    stop(): void {
      unwatch?.()
      clearInterval(timer)
    },
    tell,
    /** Asks whoever holds a call; resolves to the call when it is as `fits` says. Throws `unavailable` when nobody answers. */
    async ask(
      scope: TenantScope,
      session_id: SessionId,
      ask: SessionAsk,
      fits: (session: StoredSession) => boolean,
    ): Promise<StoredSession> {
      if (!commands) throw nobodyAnswers()
      await tell(scope, session_id, ask)
      const asked = performance.now()
      for (let waited = 0; waited < ANSWER_MS; waited = performance.now() - asked) {
        const session = await calls.find(scope, session_id)
        if (session && fits(session)) return session
        await wait(Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, waited / 8)))
      }
      throw nobodyAnswers()
    },
  }
}

const nobodyAnswers = (): StudioError =>
  new StudioError(
    'unavailable',
    'The worker that holds this call does not answer.',
    'Try again in a few seconds: when it has died, another one takes the call over.',
  )
