import { StudioError } from '../../../core/contract/errors.ts'
import type { StoreHealth } from '../../../core/store/stores.ts'

export type StoreState = Pick<StoreHealth, 'state' | 'since' | 'reason'>

/**
 * Stands between the host and its store: nothing that is asked waits for longer than it may, and a store that does not answer is asked by
 * one question a second instead of by all. What it answers otherwise, a conflict or a bad cursor, is an answer.
 */
export type StoreGuard = Readonly<{
  /** Throws `unavailable` when the store does not answer in time, or (`eager` absent) when it is known not to answer. */
  ask: <Value>(question: () => Promise<Value>, options: Readonly<{ within_ms: number; eager?: boolean }>) => Promise<Value>
  state: () => StoreState
  /** Somebody could not wait for an answer any longer. */
  late: () => void
  /** Tells when the store is down, slow, or well again. */
  onChange: (listener: (state: StoreState) => void) => () => void
}>

const FAILURES = 3
const PROBE_MS = 1_000
const SLOW_MS = 1_000
/** So many quick answers in a row, and a slow store is well again. */
const QUICK = 5

export function createStoreGuard(clock: () => number): StoreGuard {
  const listeners = new Set<(state: StoreState) => void>()
  let now: StoreState = { state: 'ok', since: clock() }
  let failures = 0
  let quick = 0
  let probed_at = 0

  function become(state: StoreState['state'], reason?: string): void {
    if (state === now.state) return
    now = { state, since: clock(), ...(reason !== undefined && { reason }) }
    for (const listener of [...listeners]) listener(now)
  }
  function answered(took_ms: number): void {
    failures = 0
    quick = took_ms < SLOW_MS ? quick + 1 : 0
    if (took_ms >= SLOW_MS) return become('slow', `It took ${Math.round(took_ms)} ms to answer.`)
    if (now.state === 'down' || quick >= QUICK) become('ok')
  }
  function failed(reason: string): void {
    failures += 1
    quick = 0
    if (failures >= FAILURES) become('down', reason)
  }
  const isOpen = () => now.state === 'down'
  function mayProbe(): boolean {
    if (performance.now() - probed_at < PROBE_MS) return false
    probed_at = performance.now()
    return true
  }

  return {
    state: () => now,
    late: () => {
      quick = 0
      if (now.state === 'ok') become('slow', 'It takes longer to answer than a caller can be kept waiting.')
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ask: async (question, { within_ms, eager = false }) => {
      if (isOpen() && !eager && !mayProbe()) throw away(now.reason)
      const from = performance.now()
      try {
        const value = await within(within_ms, question())
        answered(performance.now() - from)
        return value
      } catch (cause) {
        if (isFailure(cause)) failed(cause instanceof Error ? cause.message : 'It does not answer.')
        else answered(performance.now() - from)
        throw cause
      }
    },
  }
}

/** The store itself does not answer, whatever it was asked. */
export const isFailure = (cause: unknown): boolean => cause instanceof StudioError && cause.code === 'unavailable'

async function within<Value>(ms: number, answer: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(tooLate(ms)), ms)))
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

const tooLate = (ms: number): StudioError =>
  new StudioError('unavailable', `The store has not answered within ${ms} ms.`, 'Try again in a moment.', [], {
    retry_after_ms: 1000,
  })

const away = (reason: string | undefined): StudioError =>
  new StudioError('unavailable', `The store does not answer${reason ? `: ${reason}` : '.'}`, 'Try again in a moment.', [], {
    retry_after_ms: 1000,
  })
