import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionConfig } from '../../core/contract/runtime.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import type { Substitution } from './fit-block.ts'
import { causeOf } from './session-failure.ts'

export type Configured = Readonly<{ config: SessionConfig; substitutions: readonly Substitution[] }>

/** Which configuration a running call answers by. */
export type ConfigInUse = Readonly<{
  /** What head says now; while a call is being recovered, what answered before is better than no answer. */
  newest: () => Promise<SessionConfig>
  use: (config: SessionConfig) => void
  /** 0: none yet. */
  revision: () => number
  /** Sends head's when it is another than what answers now; never rejects. `made`: by whoever made it for several calls at once. */
  refresh: (made?: Promise<Configured>) => Promise<void>
}>

export type ConfigInUseDeps = Readonly<{
  session_id: SessionId
  /** Head of the agent as it is now, made for this machine. */
  make: () => Promise<Configured>
  /** The process is there and answers. */
  isActive: () => boolean
  send: (config: SessionConfig) => Promise<void>
  note: (body: JournalBody) => void
  log: Logger
}>

/** One revision is another configuration when keys, models or offline mode have changed. */
const sameConfig = (one: SessionConfig, other: SessionConfig): boolean => JSON.stringify(one) === JSON.stringify(other)

export function createConfigInUse({ session_id, make, isActive, send, note, log }: ConfigInUseDeps): ConfigInUse {
  const told = new Set<string>()
  let present: SessionConfig | undefined
  /** Questions are counted: the answer to an older one comes too late, whichever revision it brings. */
  let asked = 0
  let taken = 0

  async function take(made: Promise<Configured>): Promise<SessionConfig> {
    try {
      const { config, substitutions } = await made
      for (const substitution of substitutions) {
        const known = `${substitution.kind} ${substitution.asked}`
        if (!told.has(known)) note(substitution)
        told.add(known)
      }
      return config
    } catch (error) {
      if (!present || isActive()) throw error
      tellNotUsed(error)
      return present
    }
  }

  async function refresh(made?: Promise<Configured>): Promise<void> {
    if (!isActive()) return
    const mine = ++asked
    const newest = await take(made ?? make())
    if (!present || mine < taken) return
    taken = mine
    if (sameConfig(newest, present)) return
    present = newest
    await send(newest)
  }

  function tellNotUsed(error: unknown): void {
    const { message, hint, code, problems } = causeOf(error)
    log.warn({ session_id, error }, 'a saved change could not reach a running call')
    const told = new StudioError(code, `The saved change is not used in this call: ${message}`, hint, problems)
    note({ type: 'session.error', source: 'runtime', error: told.body, recoverable: true })
  }

  return {
    newest: () => take(make()),
    use: (config) => {
      present = config
      taken = ++asked
    },
    revision: () => present?.revision ?? 0,
    refresh: (made) => refresh(made).catch(tellNotUsed),
  }
}
