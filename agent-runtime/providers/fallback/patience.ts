import { SilentProvider } from '../provider-failure.ts'

/** Aborted with SilentProvider when the time is up; never, without a time. */
export function createPatience(patience_ms: number | undefined): Readonly<{ signal: AbortSignal; stop: () => void }> {
  const patience = new AbortController()
  if (patience_ms === undefined) return { signal: patience.signal, stop: () => {} }
  const timer = setTimeout(() => patience.abort(new SilentProvider(patience_ms)), patience_ms)
  return { signal: patience.signal, stop: () => clearTimeout(timer) }
}

/** Ends with the signal, even when what comes from the network does not heed it. */
export async function* untilAborted<Item>(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]()
  const aborted = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
  let waited = true
  try {
    for (;;) {
      const coming = iterator.next()
      // Only until the first item: a race for each of them would keep them all.
      const result = waited ? await Promise.race([coming, aborted]) : await coming
      if (!result) coming.catch(() => {})
      if (!result || result.done) return
      waited = false
      yield result.value
    }
  } finally {
    void iterator.return?.().catch(() => {})
  }
}

/** Rejects with the signal, even when what is waited for does not heed it. */
export async function orAborted<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let rejectNow = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    rejectNow = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    signal.addEventListener('abort', rejectNow, { once: true })
    if (signal.aborted) rejectNow()
  })
  // Whoever lost the race has nobody who listens.
  value.catch(() => {})
  try {
    return await Promise.race([value, aborted])
  } finally {
    signal.removeEventListener('abort', rejectNow)
  }
}
