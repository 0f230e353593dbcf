import { SilentProvider } from '../provider-failure.ts'

export type Patience = Readonly<{
  /** Aborted, with SilentProvider as its reason, when it was waited for too long. */
  signal: AbortSignal
  /** From now on something is waited for. */
  wait: () => void
  /** It came. */
  rest: () => void
}>

/** A time-out of the whole would cut long speech, one of the beginning would not see a stream that stops: each wait counts. */
export function createPatience(patience_ms: number): Patience {
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const rest = () => clearTimeout(timer)
  return {
    signal: over.signal,
    wait() {
      rest()
      timer = setTimeout(() => over.abort(new SilentProvider(patience_ms)), patience_ms)
    },
    rest,
  }
}
