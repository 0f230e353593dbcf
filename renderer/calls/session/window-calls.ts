import { SessionId } from '../../../core/contract/index.ts'

const PREFIX = 'greenroom-calls:'

/** Which calls have their sound here, remembered over a reload. */
export type CarriedCalls = Readonly<{
  read: () => readonly SessionId[]
  add: (session_id: SessionId) => void
  remove: (session_id: SessionId) => void
}>

/**
 * Which calls have their sound in this very window, kept in the window's own name: it survives a reload and is shared with no other
 * window, so that a reload takes the microphone back and a second window does not take it away.
 */
export const windowCalls: CarriedCalls = {
  read: (): readonly SessionId[] => parseWindowCalls(window.name),
  add: (session_id: SessionId): void => {
    window.name = formatWindowCalls([...windowCalls.read().filter((known) => known !== session_id), session_id])
  },
  remove: (session_id: SessionId): void => {
    window.name = formatWindowCalls(windowCalls.read().filter((known) => known !== session_id))
  },
}

export function parseWindowCalls(name: string): readonly SessionId[] {
  if (!name.startsWith(PREFIX)) return []
  return name
    .slice(PREFIX.length)
    .split(',')
    .flatMap((text) => SessionId.safeParse(text).data ?? [])
}

export const formatWindowCalls = (calls: readonly SessionId[]): string => (calls.length > 0 ? PREFIX + calls.join(',') : '')
