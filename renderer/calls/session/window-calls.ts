import { SessionId } from '../../../core/contract/index.ts'

const PREFIX = 'greenroom-calls:'
/** Behind the id of a call whose microphone was muted. */
const MUTED = '!'

/** Which calls have their sound here, remembered over a reload. */
export type CarriedCalls = Readonly<{
  read: () => readonly SessionId[]
  add: (session_id: SessionId) => void
  remove: (session_id: SessionId) => void
  /** Whoever muted himself stays muted: a reload must not open a microphone that was closed. */
  muted: (session_id: SessionId) => boolean
  setMuted: (session_id: SessionId, muted: boolean) => void
}>

/**
 * Which calls have their sound in this very window, kept in the window's own name: it survives a reload and is shared with no other
 * window, so that a reload takes the microphone back and a second window does not take it away.
 */
export const windowCalls: CarriedCalls = {
  read: () => [...parse(window.name).keys()],
  add: (session_id) => write((calls) => calls.set(session_id, calls.get(session_id) ?? false)),
  remove: (session_id) => write((calls) => calls.delete(session_id)),
  muted: (session_id) => parse(window.name).get(session_id) ?? false,
  setMuted: (session_id, muted) => write((calls) => calls.has(session_id) && calls.set(session_id, muted)),
}

/** Each call of this window, and whether it is muted. */
type Carried = Map<SessionId, boolean>

function write(change: (calls: Carried) => unknown): void {
  const calls = parse(window.name)
  change(calls)
  const texts = [...calls].map(([session_id, muted]) => (muted ? session_id + MUTED : session_id))
  window.name = texts.length > 0 ? PREFIX + texts.join(',') : ''
}

function parse(name: string): Carried {
  const calls: Carried = new Map()
  if (!name.startsWith(PREFIX)) return calls
  for (const text of name.slice(PREFIX.length).split(',')) {
    const muted = text.endsWith(MUTED)
    const { data } = SessionId.safeParse(muted ? text.slice(0, -MUTED.length) : text)
    if (data !== undefined) calls.set(data, muted)
  }
  return calls
}
