import * as z from 'zod'
import { AgentEvent } from './agents.ts'
import { ConnectionEvent, ConnectionStep } from './connections.ts'
import { RoutingEvent } from './routing.ts'
import { SessionListEvent } from './sessions.ts'
import { SessionEvent } from './session-events.ts'
import { ModelProgress } from './models.ts'
import { CheckStep, ProviderEvent } from './providers.ts'
import { ReleaseEvent } from './releases.ts'
import { Settings } from './settings.ts'
import { TenantEvent } from './tenants.ts'

/** How far a job is: bytes of a model, or the steps of a check (of a provider, of a connection) as they end. */
export const JobProgress = z.union([ModelProgress, CheckStep, ConnectionStep])
export type JobProgress = ModelProgress | CheckStep | ConnectionStep

export const isCheckStep = (progress: JobProgress): progress is CheckStep => 'ok' in progress
export const isModelProgress = (progress: JobProgress): progress is ModelProgress => 'phase' in progress

/**
 * The library stream: WebSocket `/events`, host → page only. After (re)connecting, `hello` comes first; the page then takes a fresh
 * snapshot by query, so nothing is lost whatever it missed.
 */
export const StudioEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), host_id: z.string() }),
  ...AgentEvent.options,
  ...SessionListEvent.options,
  ...ProviderEvent.options,
  ...ConnectionEvent.options,
  ...RoutingEvent.options,
  ...TenantEvent.options,
  ...ReleaseEvent.options,
  z.object({ type: z.literal('job.progress'), job_id: z.string(), progress: JobProgress }),
  /** However it ended: the window that began it has the answer, the others drop what they show of it. */
  z.object({ type: z.literal('job.ended'), job_id: z.string() }),
  z.object({ type: z.literal('setting.changed'), settings: Settings }),
  /** A model came, went or was measured: ask `model.list` again. */
  z.object({ type: z.literal('processes.changed') }),
])
export type StudioEvent = Readonly<z.infer<typeof StudioEvent>>

/**
 * One session's stream: WebSocket `/events/sessions/:session_id?attempt=A&seq=S`, host → page only: first the journal after (A, S), then the
 * deltas that rebuild the open turn (`snapshot`), then everything live. A client too slow for the stream gets a new `snapshot`.
 */
export const SessionStreamMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('events'), events: z.array(SessionEvent) }),
  /** Forget the open turn's deltas; these replace them. */
  z.object({ type: z.literal('snapshot'), events: z.array(SessionEvent) }),
])
export type SessionStreamMessage = Readonly<z.infer<typeof SessionStreamMessage>>
