import type { JournalEvent, JournalPosition } from '../contract/session-events.ts'
import type { JsonObject } from '../json.ts'
import type { ProviderKind } from '../providers/provider.ts'
import type { AgentId, SessionId } from '../contract/ids.ts'
import type { SessionSpec } from '../contract/runtime.ts'
import type { CallerDetails, SessionSummary } from '../contract/sessions.ts'
import type { ArmStats } from '../contract/releases.ts'
import type { Paged } from './agents.ts'
import type { TenantScope } from './scope.ts'
import type { DeliveryChange, DeliveryReads } from './webhooks.ts'

/** Kinds that are rehearsed at the pace of a preset instead of being asked. */
export type WhatIf = Readonly<Partial<Record<ProviderKind, string>>>

/** What a call was started with, so that it can be started again after a crash. */
export type CallInput = Readonly<{
  variables: SessionSpec['variables']
  script: readonly string[]
  seed: number
  what_if: WhatIf
  tools?: 'live' | 'mock'
  /** Who calls through a room of the studio. */
  as?: CallerDetails
  /** Who calls, as a client of the server said it. */
  user_id?: string
  /** The API key whose own limits the call counts for. */
  key_id?: string
  /** Of the document, for this call alone; checked before they were kept. */
  overrides?: JsonObject
}>

/** Which host holds a call, and until when (ms) that is sure. */
export type Lease = Readonly<{ owner: string; lease_until: number }>

export type StoredSession = SessionSummary & Readonly<{ input: CallInput; lease?: Lease; release?: ReleaseChoice }>

/** A room as a call of the past knows it. */
export type RoomQuery = Readonly<{ connection_id: string; room_name: string; ended_since: number }>

export type SessionListQuery = Readonly<{
  q?: string
  agent_id?: string
  /** Absent: all. */
  state?: 'active' | 'ended'
  /** Of this caller, as the client said it. */
  user_id?: string
  limit: number
  cursor?: string
}>

/** Which release chose the version of a call, for the comparison of its arms. */
export type ReleaseChoice = Readonly<{ release_id: string; version: string }>

/** A page of a journal, in order; `more` says that it goes on. */
export type JournalPage = Readonly<{ events: readonly JournalEvent[]; more: boolean }>

/** Every change to calls; what a change must find and does not is a `conflict` or `not_found`. */
export type CallChange =
  | Readonly<{ kind: 'session.create'; session: StoredSession }>
  /** The next attempt begins: the session must be at the attempt before it. Appends of older ones are refused from now on. */
  | Readonly<{ kind: 'session.attempt'; session_id: SessionId; attempt: number; lease?: Lease }>
  /** Held for longer; nothing happens when another one holds it. */
  | Readonly<{ kind: 'session.lease'; session_id: SessionId; lease: Lease }>
  /** Another agent goes on with it. */
  | Readonly<{ kind: 'session.agent'; session_id: SessionId; agent_id: AgentId; agent_name: string; revision: number }>
  /** What it is started again with is another, such as who calls. */
  | Readonly<{ kind: 'session.input'; session_id: SessionId; input: CallInput }>
  /** In order after everything that is there, of the present attempt only. State and summary of the session follow from the events. */
  | Readonly<{ kind: 'journal.append'; session_id: SessionId; events: readonly JournalEvent[] }>
  | DeliveryChange
  | Readonly<{ kind: 'session.delete'; session_id: SessionId; at: number }>
  | Readonly<{ kind: 'session.undelete'; session_id: SessionId }>

/** Calls and their journals. A write is durable when its promise resolves; all changes of one commit happen or none does. */
export type CallStore = Readonly<{
  find: (scope: TenantScope, session_id: SessionId) => Promise<StoredSession | undefined>
  /** Newest first, without deleted ones; a cursor that this store did not make is `malformed`. */
  list: (scope: TenantScope, query: SessionListQuery) => Promise<Paged<SessionSummary>>
  journal: (scope: TenantScope, session_id: SessionId, after: JournalPosition, limit: number) => Promise<JournalPage>
  /** Of every tenant: sessions that nobody ended. For the start of a host, which holds none yet. */
  listUnended: () => Promise<readonly Readonly<{ scope: TenantScope; session: StoredSession; last: JournalPosition }>[]>
  /** Of every tenant: not ended, and their lease ran out before `now` (ms): whoever held them is gone. */
  listExpired: (
    now: number,
    limit: number,
  ) => Promise<readonly Readonly<{ scope: TenantScope; session: StoredSession; last: JournalPosition }>[]>
  /** Calls that go on, by agent. */
  countActive: (scope: TenantScope) => Promise<Readonly<Record<string, number>>>
  /** How the versions of a release did, over calls begun since `since` (ms). */
  armStats: (scope: TenantScope, release_id: string, since: number) => Promise<readonly ArmStats[]>
  deliveries: DeliveryReads
  /** The newest call of a room that lost its connection; it goes on when its caller is back in time. */
  findLost: (scope: TenantScope, query: RoomQuery) => Promise<StoredSession | undefined>
  /** Resolves to the sessions touched, as they are now. `once`: as of the store of agents. */
  commit: (scope: TenantScope, changes: readonly CallChange[], once?: string) => Promise<readonly SessionSummary[]>
  /**
   * Removes for ever calls that are over, with journal, turns and deliveries, whether they are deleted or not: at most `limit`, resolves to
   * which. `user_id`: of one caller, as the client said it; `ended_before`: ms. What is removed does not come back, whatever was under way.
   */
  removeEnded: (
    scope: TenantScope,
    which: Readonly<{ user_id: string }> | Readonly<{ ended_before: number }>,
    limit: number,
  ) => Promise<readonly SessionId[]>
  /** Removes for ever what was deleted before `before` (ms), with journal and turns; resolves to how many calls. */
  purgeDeleted: (before: number) => Promise<number>
}>
