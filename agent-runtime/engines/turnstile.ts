/** Lets one piece of work through at a time, in order of arrival; work that was cancelled while it waited is not begun. */
export type Turnstile = <Value>(work: () => Promise<Value>, signal: AbortSignal) => Promise<Value>

export function createTurnstile(): Turnstile {
  let last: Promise<unknown> = Promise.resolve()
  return (work, signal) => {
    const mine = last.then(() => {
      signal.throwIfAborted()
      return work()
    })
    last = mine.catch(() => undefined)
    return mine
  }
}
