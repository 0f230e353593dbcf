import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'

/** Somebody says or asks something. */
const ACTIVE: ReadonlySet<SessionEvent['type']> = new Set([
  'session.started',
  'session.recovered',
  'transcript.final',
  'turn.started',
  'turn.committed',
  'tool.called',
])

/** Ends calls in which nobody has had a turn for `idle_ms`; 0: none. */
export function createIdleCalls(idle_ms: number, end: (session_id: SessionId) => void) {
  const last = new Map<SessionId, number>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const now = performance.now()
    for (const [session_id, at] of last) {
      if (now - at < idle_ms) continue
      last.delete(session_id)
      end(session_id)
    }
  }

  return {
    told(session_id: SessionId, events: readonly SessionEvent[]): void {
      if (idle_ms <= 0) return
      if (last.has(session_id) && !events.some(({ type }) => ACTIVE.has(type))) return
      last.set(session_id, performance.now())
      timer ??= setInterval(look, Math.min(idle_ms / 4, 10_000)).unref()
    },
    forget: (session_id: SessionId) => void last.delete(session_id),
    stop: () => clearInterval(timer),
  }
}
