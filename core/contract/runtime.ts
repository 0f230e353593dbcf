import * as z from 'zod'
import { AgentId, Revision, SessionId, TenantId, TurnId } from './ids.ts'
import { DocumentJson } from './agents.ts'
import { ErrorBody } from './errors.ts'
import { CheckStep, PriceEntry, ProviderCheck, ProviderKind } from './providers.ts'
import { ExtensionReport } from '../extension/extension-report.ts'
import { SessionEvent } from './session-events.ts'
import { ToolTry } from './tools.ts'

/** Raised when a message changes meaning; host and runtime of different builds refuse each other. */
export const RUNTIME_PROTOCOL = 3

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
  /** Values for the prompt, in the place of those that the call began with. */
  variables: z.record(z.string(), z.json()).optional(),
  /** Of the models that the document names, as they are now. */
  prices: z.array(PriceEntry).default([]),
})
export type SessionConfig = Readonly<z.infer<typeof SessionConfig>>

/** What a tool was asked and what the LLM was told, for the conversation after it. */
export const PastTool = z.object({
  call_id: z.string(),
  tool: z.string(),
  arguments: z.record(z.string(), z.json()),
  result: z.json(),
  failed: z.boolean(),
})
export type PastTool = Readonly<z.infer<typeof PastTool>>

export const UnfinishedTool = z.object({
  /** The turn that it was called in. */
  turn_id: TurnId.optional(),
  call_id: z.string(),
  tool: z.string(),
  arguments: z.record(z.string(), z.json()),
  idempotency_key: z.string().optional(),
})
export type UnfinishedTool = Readonly<z.infer<typeof UnfinishedTool>>

/** A line of the conversation so far, rebuilt from the journal after a crash. */
export const PastLine = z.object({
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  output: z.record(z.string(), z.json()).optional(),
  interrupted: z.boolean().optional(),
  /** Tools that were called for this reply, in order. */
  tools: z.array(PastTool).optional(),
})
export type PastLine = Readonly<z.infer<typeof PastLine>>

/** A call through a LiveKit room: where the agent joins, and as whom. */
export const RoomSpec = z.object({
  connection_id: z.string(),
  /** ws:// or wss:// of the server. */
  url: z.string(),
  /** For this join; a new one is asked for when it has to be joined again (`room.token`). */
  token: z.string(),
  room_name: z.string(),
  /** `agent-<session_id>`: a successor replaces a dead one at once. */
  identity: z.string(),
  /** The participant that is listened to; absent: the first that is a person. */
  caller_identity: z.string().optional(),
})
export type RoomSpec = Readonly<z.infer<typeof RoomSpec>>

export const SessionSpec = z.object({
  session_id: SessionId,
  attempt: z.int().min(1),
  modality: z.enum(['voice', 'text']),
  /** Whose call it is, for extensions. */
  tenant_id: TenantId.optional(),
  config: SessionConfig,
  variables: z.record(z.string(), z.json()),
  /** What of the document was replaced by a rehearsal, for `session.started`. */
  what_if: z.partialRecord(ProviderKind, z.string()).optional(),
  /** Absent: a direct call. */
  room: RoomSpec.optional(),
  /** `mock`: tools answer what their `mock` says instead of being run. */
  tools: z.enum(['live', 'mock']).optional(),
  /** Tool calls whose result a crash took: told to the LLM as outcome unknown, repeated when idempotent. */
  unfinished_tools: z.array(UnfinishedTool).optional(),
  script: z.array(z.string()),
  seed: z.int(),
  /** Empty for a new session; otherwise the agent goes on from here and does not greet. */
  history: z.array(PastLine),
  /** Turns that earlier attempts began. */
  turn_count: z.int(),
  /** When the first attempt began, ms since the epoch; absent: this one is the first. */
  started_at: z.int().optional(),
  /** Of a room call: what frontends may see of earlier attempts (`publicEvent`), in order; they may have missed some of it. */
  earlier: z.array(SessionEvent).optional(),
})
export type SessionSpec = Readonly<z.infer<typeof SessionSpec>>

/** Host → session process. `media` comes with the socket of an upgraded HTTP request as its handle. */
export const ToRuntime = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), session: SessionSpec }),
  /** `history`: of a switch to another agent. `speak`: it opens with words of its own, at once. */
  z.object({
    type: z.literal('configure'),
    session_id: SessionId,
    config: SessionConfig,
    history: z.enum(['keep', 'clear']).optional(),
    speak: z.boolean().optional(),
  }),
  /** Answers `sync`: every event sent before it is on disk. */
  z.object({ type: z.literal('synced'), session_id: SessionId, sync_id: z.int() }),
  /** Answers `room.token`; absent: the call may not go on. */
  z.object({ type: z.literal('room.token'), session_id: SessionId, token: z.string().optional() }),
  /** From now on the agent listens to this participant. */
  z.object({ type: z.literal('room.caller'), session_id: SessionId, identity: z.string() }),
  /** Answers `handoff` when it could not be done; when it could, `configure` came before. */
  z.object({ type: z.literal('handoff.refused'), session_id: SessionId, agent_id: AgentId, reason: z.string() }),
  z.object({ type: z.literal('say'), session_id: SessionId, text: z.string() }),
  z.object({ type: z.literal('interrupt'), session_id: SessionId }),
  /** Something of the caller's app, for the hook `onEvent` of an extension. */
  z.object({ type: z.literal('event'), session_id: SessionId, name: z.string(), data: z.json() }),
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
  /** A tool run outside of a call; answered by `tool.tried`, stopped by `check.cancel`. `secrets`: reference → value. */
  z.object({
    type: z.literal('tool.try'),
    check_id: z.string(),
    tool: z.record(z.string(), z.json()),
    arguments: z.record(z.string(), z.json()),
    variables: z.record(z.string(), z.json()),
    secrets: z.record(z.string(), z.string()),
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
  /** The extensions of this process, each time that they are loaded. */
  z.object({ type: z.literal('extensions'), report: ExtensionReport }),
  z.object({ type: z.literal('alive'), sessions: z.int(), memory_mb: z.number(), loop_lag_ms: z.number() }),
  z.object({ type: z.literal('started'), session_id: SessionId }),
  z.object({ type: z.literal('failed'), session_id: SessionId, error: ErrorBody }),
  z.object({ type: z.literal('events'), session_id: SessionId, events: z.array(SessionEvent) }),
  z.object({ type: z.literal('ended'), session_id: SessionId, reason: z.string() }),
  /** Wants to know when everything that it has told so far is on disk. */
  z.object({ type: z.literal('sync'), session_id: SessionId, sync_id: z.int() }),
  /** The room has to be joined anew, and the old token may be too old. */
  z.object({ type: z.literal('room.token'), session_id: SessionId }),
  /** The agent hands this call to another one. */
  z.object({ type: z.literal('handoff'), session_id: SessionId, agent_id: AgentId, history: z.enum(['keep', 'clear']) }),
  z.object({ type: z.literal('check.step'), check_id: z.string(), step: CheckStep }),
  /** `sample_wav`: base64. */
  z.object({ type: z.literal('checked'), check_id: z.string(), check: ProviderCheck, sample_wav: z.string().optional() }),
  z.object({ type: z.literal('tool.tried'), check_id: z.string(), tried: ToolTry }),
  /** A fault of the process itself; what a provider does wrong stands in a step. */
  z.object({ type: z.literal('check.failed'), check_id: z.string(), error: ErrorBody }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() }),
])
export type FromRuntime = Readonly<z.infer<typeof FromRuntime>>
