import type { AgentId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { Extensions } from '../extensions/extensions.ts'
import type { EndOfTurn } from './end-of-turn.ts'

/** What a call needs of the process that it is in. */
export type CallHost = Readonly<{
  emit: (events: readonly SessionEvent[]) => void
  /** The last word of a call; comes once. */
  ended: (reason: string) => void
  /** Asks whether everything told so far is on disk; `synced` answers. */
  sync: (sync_id: number) => void
  /** Asks for another agent; it comes by `configure`, or `handoffRefused` says why not. */
  handoff: (agent_id: AgentId, history: 'keep' | 'clear') => void
  /** Asks for a new token for the room; `roomToken` answers. */
  askToken: () => void
  endOfTurn: EndOfTurn
  /** Absent: there is no folder of them. */
  extensions?: Extensions | undefined
}>
