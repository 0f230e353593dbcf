import type { Logger } from 'pino'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { OwnPrice } from '../../core/store/providers.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Emit } from '../handler.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import type { LocalModels } from '../runtime/local-model.ts'
import type { SecretsFor } from '../runtime/present-secrets.ts'
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
  secretsFor: SecretsFor
  /** Models on this machine, asked anew for each call. */
  localModels: () => LocalModels | Promise<LocalModels>
  /** Whether only this machine may be asked. */
  offline: () => boolean
  /** Which host this is, for those that share the calls. */
  owner: string
  /** Places in rooms; absent: direct calls alone. */
  seats?: RoomSeats
  /** So many calls may go on at once. */
  max_sessions: number
  /** How many calls go on, whenever it is another number. */
  onCount?: (running: number) => void
  ownPrices: (scope: TenantScope) => Promise<readonly OwnPrice[]>
}>
