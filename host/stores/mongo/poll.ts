import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

/** Does something again and again, a while after it was done, until it is stopped; one failure is logged until it has succeeded again. */
export function poll(
  every_ms: number,
  work: () => Promise<void>,
  log: Logger,
  what: string,
): Readonly<{ close: () => Promise<void> }> {
  const ending = new AbortController()
  const { signal } = ending
  const run = async (): Promise<void> => {
    let told = false
    while (!signal.aborted) {
      try {
        await work()
        told = false
      } catch (cause) {
        if (!told && !signal.aborted) log.warn({ err: cause }, `${what} failed; it is tried again`)
        told = true
      }
      await sleep(every_ms, undefined, { signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    close: async () => {
      ending.abort()
      await running
    },
  }
}
