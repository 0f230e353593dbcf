/** Threat model: holds API secrets, to see whether they changed; they are in nothing that comes out. */
import type { ConnectionId, WorkerRegistration } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { Exposure } from '../../core/contract/worker.ts'
import { deferred, type Deferred } from './deferred.ts'

/** A dispatch name on a connection. */
type Name = Pick<Exposure, 'connection_id' | 'dispatch_name'>

/** How each dispatch name stands, as the worker told it last, and who waits for one. */
export type WorkerBook = Readonly<{
  /** All that is wanted from now on; one that is new or has another address or keys is not there yet, whatever it was. */
  want: (exposures: readonly Exposure[]) => void
  told: (registration: WorkerRegistration) => void
  unregistered: (name: Name) => void
  /** The process is gone, and every registration with it. `reason` absent: it was stopped. */
  processGone: (reason?: string) => void
  find: (name: Name) => WorkerRegistration | undefined
  list: () => WorkerRegistration[]
  /** Resolves when it is registered; rejects when it is refused from now on, or after the time. */
  whenReady: (name: Name, within_ms: number) => Promise<void>
  close: () => void
}>

type Waiter = Readonly<{ key: string; outcome: Deferred<void> }>

export function createWorkerBook(onChange: () => void): WorkerBook {
  const registrations = new Map<string, WorkerRegistration>()
  const waiters = new Set<Waiter>()
  let wanted = new Map<string, Exposure>()

  const settle = (key: string, by: (outcome: Deferred<void>) => void) => {
    for (const waiter of waiters) if (waiter.key === key) by(waiter.outcome)
  }
  const set = (registration: WorkerRegistration) => {
    const key = keyOf(registration)
    registrations.set(key, registration)
    const { state, reason } = registration
    if (state === 'ready') settle(key, (outcome) => outcome.resolve())
    if (state === 'failed') settle(key, (outcome) => outcome.reject(notThere(registration, reason)))
    onChange()
  }

  return {
    want(exposures) {
      const before = wanted
      wanted = new Map(exposures.map((exposure) => [keyOf(exposure), exposure]))
      for (const [key, exposure] of wanted) {
        if (isSame(exposure, before.get(key))) continue
        const { connection_id, dispatch_name } = exposure
        set({ connection_id, dispatch_name, state: 'connecting', since: Date.now(), jobs: 0 })
      }
    },
    told: set,
    unregistered(name) {
      const key = keyOf(name)
      // One that was taken back meanwhile is told of anew.
      if (wanted.has(key)) return
      registrations.delete(key)
      settle(key, (outcome) => outcome.reject(notThere(name)))
      onChange()
    },
    processGone(reason) {
      for (const [key, { connection_id, dispatch_name }] of registrations) {
        if (!wanted.has(key)) registrations.delete(key)
        else if (reason !== undefined) {
          set({ connection_id, dispatch_name, state: 'lost', reason, since: Date.now(), jobs: 0 })
        }
      }
      onChange()
    },
    find: (name) => registrations.get(keyOf(name)),
    list: () => [...registrations.values()],
    async whenReady(name, within_ms) {
      const waiter = { key: keyOf(name), outcome: deferred<void>() }
      const late = () => waiter.outcome.reject(notThere(name, registrations.get(waiter.key)?.reason))
      const timer = setTimeout(late, within_ms)
      waiters.add(waiter)
      try {
        await waiter.outcome.promise
      } finally {
        clearTimeout(timer)
        waiters.delete(waiter)
      }
    },
    close() {
      for (const { outcome } of waiters) {
        outcome.reject(new StudioError('unavailable', 'Greenroom is closing.', 'Start it again, then try again.'))
      }
    },
  }
}

const keyOf = ({ connection_id, dispatch_name }: Name): string => JSON.stringify([connection_id, dispatch_name])

const isSame = (a: Exposure, b: Exposure | undefined): boolean =>
  a.url === b?.url && a.api_key === b.api_key && a.api_secret === b.api_secret

const notThere = (
  { connection_id }: Readonly<{ connection_id: ConnectionId }>,
  reason = 'The server has not answered yet.',
): StudioError =>
  new StudioError(
    'unavailable',
    `No agent can be called through the connection "${connection_id}" now. ${reason}`,
    'Test the connection in Settings → LiveKit. The worker goes on trying by itself.',
  )
