import type { Json } from '../../../core/json.ts'
import type { SocketLine } from '../socket-line.ts'

/** A line that is one reply's alone until it is given back. `reused`: it was open before, and may have died unnoticed. */
export type Taken = Readonly<{ line: SocketLine; reused: boolean }>

/** Keeps one connection open between replies, so that none of them waits for a handshake. `session`: what it was opened for. */
export type LineKeeper = Readonly<{
  warm: (session: string) => Promise<void>
  take: (session: string, signal: AbortSignal) => Promise<Taken>
  give: (session: string, line: SocketLine) => void
  close: () => void
}>

export type LineKeeperOptions = Readonly<{
  open: (session: string, signal: AbortSignal) => Promise<SocketLine>
  /** Says of a message on a line that nobody uses that the provider will close it soon. */
  retires?: (message: Json) => boolean
}>

type Kept = Readonly<{ session: string; line: Promise<SocketLine> }>

export function createLineKeeper({ open, retires = () => false }: LineKeeperOptions): LineKeeper {
  const closed = new AbortController()
  let kept: Kept | undefined

  const keep = (session: string, line: Promise<SocketLine>) => {
    const one: Kept = { session, line }
    kept = one
    line.then(
      (idle) => {
        if (kept === one) idle.read({ onMessage: (message) => retires(message) && idle.close(), onLost: () => {} })
      },
      // What failed beforehand is tried again when it is needed.
      () => kept === one && (kept = undefined),
    )
  }
  const drop = () => {
    closing(kept)
    kept = undefined
  }
  return {
    async warm(session) {
      if (closed.signal.aborted) return
      if (kept?.session !== session) drop()
      if (!kept) keep(session, open(session, closed.signal))
      await kept?.line
    },
    async take(session, signal) {
      const before = kept
      kept = undefined
      if (before?.session === session) {
        const line = await until(before.line, signal)
        if (line?.isOpen()) return { line, reused: true }
        // Whoever stopped waiting leaves it to the next one.
        if (!line && !kept && !closed.signal.aborted) keep(session, before.line)
      } else closing(before)
      signal.throwIfAborted()
      return { line: await open(session, signal), reused: false }
    },
    give(session, line) {
      if (closed.signal.aborted || kept || !line.isOpen()) return line.close()
      keep(session, Promise.resolve(line))
    },
    close() {
      closed.abort()
      drop()
    },
  }
}

function closing(kept: Kept | undefined): void {
  kept?.line.then(
    (line) => line.close(),
    () => {},
  )
}

/** Nothing when the signal comes first. */
function until<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
