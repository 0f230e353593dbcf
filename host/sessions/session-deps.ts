import type { Logger } from 'pino'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Emit } from '../handler.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Head of an agent, as much as a call needs. */
export type AgentHead = Readonly<{ revision: number; content: DocumentJson; enabled: boolean }>

export type SessionDeps = Readonly<{
  calls: CallStore
  runtime: Pick<Runtime, 'sessions' | 'engine'>
  log: Logger
  emit: Emit
  /** Undefined: no such agent, or a deleted one. */
  head: (scope: TenantScope, agent_id: string) => Promise<AgentHead | undefined>
  /** Reference → value; one that is not there is left out, or `not_found`. */
  resolveSecrets: (references: readonly string[]) => Promise<Readonly<Record<string, string>>>
  /** The folder of the built-in speech set when all of it is there. */
  builtinModelsDir: () => string | undefined
}>
