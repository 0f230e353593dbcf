import type { Socket } from 'node:net'
import type { JournalPosition, SessionStreamMessage, StudioEvent } from '../../core/contract/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Dispatch } from '../dispatch.ts'
import type { FileExchange } from './file-exchange.ts'

/** What a session's stream is written to; `bufferedBytes` is what the other side has not taken yet. */
export type SessionSink = Readonly<{ send: (message: SessionStreamMessage) => void; bufferedBytes: () => number }>

/** An upgrade request that nobody has answered yet, and its socket. */
export type MediaUpgrade = Readonly<{ headers: Readonly<Record<string, string>>; head: Buffer; socket: Socket }>

/** The host as a transport sees it. */
export type ServedHost = Readonly<{
  /** New with each start, so that a page notices a restart. */
  host_id: string
  dispatch: Dispatch
  onEvent: (listener: (event: StudioEvent) => void) => () => void
  /** Throws `not_found`. */
  subscribeSession: (scope: TenantScope, session_id: string, after: JournalPosition, sink: SessionSink) => Promise<() => void>
  /** Takes the socket over, whatever becomes of it; never rejects. */
  attachMedia: (scope: TenantScope, session_id: string, upgrade: MediaUpgrade) => Promise<void>
  /** Where the signalling of a stored connection goes, as ws:// or wss://. Throws `not_found`, and `unavailable` when it does not run. */
  signalUrl: (scope: TenantScope, connection_id: string) => Promise<string>
  files: FileExchange
}>
