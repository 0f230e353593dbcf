import * as z from 'zod'
import { AgentId, type SessionId } from '../contract/ids.ts'
import { CustomEvent } from '../extension/custom-event.ts'
import type { TenantScope } from './scope.ts'

/** What an instance asks of the one that holds a session. */
export const SessionAsk = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('stop'), reason: z.string() }),
  z.object({ ask: z.literal('switch_agent'), agent_id: AgentId, history: z.enum(['keep', 'clear']) }),
  z.object({ ask: z.literal('tracing'), enabled: z.boolean() }),
  z.object({ ask: z.literal('event'), event: CustomEvent }),
])
export type SessionAsk = Readonly<z.infer<typeof SessionAsk>>

export type SessionCommand = Readonly<{ command_id: string; session_id: SessionId; at: number; ask: SessionAsk }>

export type SessionCommands = Readonly<{
  send: (scope: TenantScope, command: SessionCommand) => Promise<void>
  /** Takes those for sessions that `owner` holds, in order, and removes them. */
  take: (owner: string) => Promise<readonly Readonly<{ scope: TenantScope; command: SessionCommand }>[]>
  /** Something may have come; absent where the store cannot tell, so that one asks every second. */
  watch?: (listener: () => void) => () => void
}>
