import type { Caller, JobProgress, OperationName, OutputOf, ParsedInputOf, StudioEvent } from '../core/contract/index.ts'

/** What a handler knows beside its input: who asks, and how to stop or report long work. */
export type HandlerContext = Readonly<{
  caller: Caller
  signal: AbortSignal
  /** For kind `job`; reaches the windows as `job.progress`. */
  progress: (progress: JobProgress) => void
}>

export type Handler<Name extends OperationName> = (input: ParsedInputOf<Name>, context: HandlerContext) => Promise<OutputOf<Name>>

/** A feature's handlers: `HandlersOf<'agent.list' | 'agent.get'>`. */
export type HandlersOf<Names extends OperationName> = { readonly [Name in Names]: Handler<Name> }
export type Handlers = HandlersOf<OperationName>

export type Emit = (event: StudioEvent) => void
