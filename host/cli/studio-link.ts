import type { WebSocket } from 'ws'
import type { InputOf, JobProgress, OperationName, OutputOf, SessionEvent } from '../../core/contract/index.ts'

/** For operations of kind `job`: how it is stopped, and who hears how far it is. */
export type JobOptions = Readonly<{ signal: AbortSignal; onProgress: (progress: JobProgress) => void }>

/** The studio as the command line uses it: a running host, or the data folder opened by this very process. */
export type StudioLink = Readonly<{
  /** Throws StudioError. */
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>, job?: JobOptions) => Promise<OutputOf<Name>>
  /** Every event of a session from its beginning, in order; `onLost` when the studio went away. The returned function ends it. */
  followSession: (session_id: string, listener: (event: SessionEvent) => void, onLost: () => void) => Promise<() => void>
  /** The audio WebSocket of a call. */
  openMedia: (media_path: string) => WebSocket
  /** The data folder was opened by this very process: what it runs ends with it. */
  ownsHost: boolean
  close: () => Promise<void>
}>
