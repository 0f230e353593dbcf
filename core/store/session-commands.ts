import type { AgentId, SessionId } from '../contract/ids.ts'
import type { TenantScope } from './scope.ts'

/** What an instance asks of the one that holds a session. */
export type SessionAsk =
  | Readonly<{ ask: 'stop'; reason: string }>
  | Readonly<{ ask: 'switch_agent'; agent_id: AgentId; history: 'keep' | 'clear' }>
  | Readonly<{ ask: 'tracing'; enabled: boolean }>

export type SessionCommand = Readonly<{ command_id: string; session_id: SessionId; at: number; ask: SessionAsk }>

export type SessionCommands = Readonly<{
  send: (scope: TenantScope, command: SessionCommand) => Promise<void>
  /** Takes those for sessions that `owner` holds, in order, and removes them. */
  take: (owner: string) => Promise<readonly Readonly<{ scope: TenantScope; command: SessionCommand }>[]>
  /** Something may have come; absent where the store cannot tell, so that one asks every second. */
  watch?: (listener: () => void) => () => void
}>
