import * as z from 'zod'
import { AgentId, Revision, SessionId } from './ids.ts'
import { DocumentJson } from './agents.ts'
import { ErrorBody } from './errors.ts'
import { CheckStep, PriceEntry, ProviderCheck, ProviderKind } from './providers.ts'
import { SessionEvent } from './session-events.ts'

/** Raised when a message changes meaning; host and runtime of different builds refuse each other. */
export const RUNTIME_PROTOCOL = 2

/** Where a speech engine listens (a local socket or named pipe) and what opens it. */
export const EngineAddress = z.object({ path: z.string(), token: z.string() })
export type EngineAddress = Readonly<z.infer<typeof EngineAddress>>

/** `builtin`: sherpa-onnx, `llm`: llama.cpp. */
export const Engines = z.object({
  builtin: EngineAddress.optional(),
  espeak: EngineAddress.optional(),
  llm: EngineAddress.optional(),
  /** STT models of `builtin` that hear while somebody speaks. */
  streaming: z.array(z.string()).optional(),
})
export type Engines = Readonly<z.infer<typeof Engines>>

/** What answers, and from when: pinned by each turn at its start. `secrets`: reference → value, only those the document names. */
export const SessionConfig = z.object({
  agent_id: AgentId,
  revision: Revision,
  content: DocumentJson,
  secrets: z.record(z.string(), z.string()),
  engines: Engines,
  /** Of the models that the document names, as they are now. */
  prices: z.array(PriceEntry).default([]),
})
export type SessionConfig = Readonly<z.infer<typeof SessionConfig>>

/** A line of the conversation so far, rebuilt from the journal after a crash. */
export const PastLine = z.object({
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  output: z.record(z.string(), z.json()).optional(),
  interrupted: z.boolean().optional(),
})
export type PastLine = Readonly<z.infer<typeof PastLine>>

export const SessionSpec = z.object({
  session_id: SessionId,
  attempt: z.int().min(1),
  modality: z.enum(['voice', 'text']),
  config: SessionConfig,
  variables: z.record(z.string(), z.json()),
  /** What of the document was replaced by a rehearsal, for `session.started`. */
  what_if: z.partialRecord(ProviderKind, z.string()).optional(),
  script: z.array(z.string()),
  seed: z.int(),
  /** Empty for a new session; otherwise the agent goes on from here and does not greet. */
  history: z.array(PastLine),
  /** Turns that earlier attempts began. */
  turn_count: z.int(),
})
export type SessionSpec = Readonly<z.infer<typeof SessionSpec>>

/** Host → session process. `media` comes with the socket of an upgraded HTTP request as its handle. */
export const ToRuntime = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), session: SessionSpec }),
  z.object({ type: z.literal('configure'), session_id: SessionId, config: SessionConfig }),
  z.object({ type: z.literal('say'), session_id: SessionId, text: z.string() }),
  z.object({ type: z.literal('interrupt'), session_id: SessionId }),
  z.object({ type: z.literal('end'), session_id: SessionId, reason: z.string() }),
  z.object({
    type: z.literal('media'),
    session_id: SessionId,
    headers: z.record(z.string(), z.string()),
    head: z.string().describe('base64 of bytes already read after the upgrade request'),
  }),
  /** A provider asked outside of a call; answered by `check.step` and `checked`. */
  z.object({
    type: z.literal('check'),
    check_id: z.string(),
    kind: ProviderKind,
    /** An agent document around the block that is checked. */
    content: DocumentJson,
    secrets: z.record(z.string(), z.string()),
    engines: Engines,
  }),
  z.object({ type: z.literal('check.cancel'), check_id: z.string() }),
  /** Refuse connections beyond this machine, or no longer. */
  z.object({ type: z.literal('offline'), on: z.boolean() }),
  z.object({ type: z.literal('stop') }),
])
export type ToRuntime = Readonly<z.infer<typeof ToRuntime>>

/** Session process → host. */
export const FromRuntime = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int(), pid: z.int() }),
  z.object({ type: z.literal('alive'), sessions: z.int(), memory_mb: z.number(), loop_lag_ms: z.number() }),
  z.object({ type: z.literal('started'), session_id: SessionId }),
  z.object({ type: z.literal('failed'), session_id: SessionId, error: ErrorBody }),
  z.object({ type: z.literal('events'), session_id: SessionId, events: z.array(SessionEvent) }),
  z.object({ type: z.literal('ended'), session_id: SessionId, reason: z.string() }),
  z.object({ type: z.literal('check.step'), check_id: z.string(), step: CheckStep }),
  /** `sample_wav`: base64. */
  z.object({ type: z.literal('checked'), check_id: z.string(), check: ProviderCheck, sample_wav: z.string().optional() }),
  /** A fault of the process itself; what a provider does wrong stands in a step. */
  z.object({ type: z.literal('check.failed'), check_id: z.string(), error: ErrorBody }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() }),
])
export type FromRuntime = Readonly<z.infer<typeof FromRuntime>>
