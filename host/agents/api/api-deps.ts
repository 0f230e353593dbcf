import type { SessionId } from '../../../core/contract/ids.ts'
import type { CallStore } from '../../../core/store/calls.ts'
import type { SessionCommands } from '../../../core/store/session-commands.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change, Store } from '../../../core/store/store.ts'
import type { Emit } from '../../handler.ts'

/** What parts A and B of the production API need. */
export type ApiDeps = Readonly<{
  store: Store
  calls: Pick<CallStore, 'find'>
  commands: Pick<SessionCommands, 'send'>
  /** Switches the traces of a running call that this host holds; false: another one does. */
  setTracing: (scope: TenantScope, session_id: SessionId, enabled: boolean) => Promise<boolean>
  /** Those that extensions register. */
  agentTypes: () => readonly string[]
  emit: Emit
  /** Milliseconds since the epoch. */
  clock: () => number
  secrets: ApiSecrets
}>

/** Where keys go that clients of part B write into a body; each resolves to what is committed with the agent for it, if anything. */
export type ApiSecrets = Readonly<{
  keep: (scope: TenantScope, name: string, value: string) => Promise<readonly Change[]>
  forget: (scope: TenantScope, name: string) => Promise<readonly Change[]>
}>
