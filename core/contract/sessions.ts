import * as z from 'zod'
import { AgentId, Millis, Revision, SessionId, TenantId } from './ids.ts'
import { JournalEvent, JournalPosition } from './session-events.ts'
import { CustomEvent } from '../extension/custom-event.ts'
import { operation } from './operation.ts'
import { ProviderKind } from './providers.ts'
import { ConnectionId } from './connections.ts'
import { RoomJoin, SessionRoom } from './room-join.ts'
import { RouteRule } from '../routing/decision.ts'
import { PageQuery } from './page.ts'

export const SessionSummary = z.object({
  session_id: SessionId,
  kind: z.enum(['direct', 'room']),
  modality: z.enum(['voice', 'text']),
  agent_id: AgentId,
  agent_name: z.string(),
  /** Head when the call began. */
  revision: Revision,
  state: z.enum(['starting', 'active', 'ended']),
  attempt: z.int().min(1),
  started_at: Millis,
  ended_at: Millis.optional(),
  end_reason: z.string().optional(),
  turn_count: z.int(),
  /** Median silence heard before an answer (t6 - t0), ms. */
  silence_p50_ms: z.number().optional(),
  /** The median ends when the first sound left: no frontend told when it was heard, which is 80 to 200 ms later. */
  silence_sent: z.boolean().optional(),
  /** What the call has cost so far, in billionths of a US dollar, as far as prices are known. */
  cost_nano_usd: z.int().optional(),
  /** Of a room call. */
  room: SessionRoom.optional(),
  /** Which rule chose the agent; the whole decision stands in the journal (`session.routed`). */
  route: RouteRule.optional(),
  /** How often a dead process was replaced. */
  recoveries: z.int().optional(),
  /** The last error's text, for the list. */
  error: z.string().optional(),
  /** First words of the caller, for the list and the search. */
  preview: z.string(),
  deleted_at: Millis.optional(),
})
export type SessionSummary = Readonly<z.infer<typeof SessionSummary>>

/** Of the person who calls: `user_details` fill the prompt's variables. */
export const CallerDetails = z.object({
  user_name: z.string().max(200).optional(),
  user_id: z.string().max(200).optional(),
  user_details: z.record(z.string(), z.json()).optional(),
  /** More of the metadata, such as `purpose`. */
  metadata: z.record(z.string(), z.json()).optional(),
  attributes: z.record(z.string().max(128), z.string().max(10_000)).optional(),
})
export type CallerDetails = Readonly<z.infer<typeof CallerDetails>>

const one = z.object({ session_id: SessionId })

export const sessionOperations = {
  'session.start': operation({
    kind: 'command',
    role: 'developer',
    audit: 'session',
    summary: 'Start a call with head of an agent (save first): direct, or in a new room of a LiveKit connection',
    input: z.object({
      agent_id: AgentId,
      modality: z.enum(['voice', 'text']),
      /** Values for the prompt's variables, e.g. {"user_details": {"name": "Ana"}}. */
      variables: z.record(z.string(), z.json()).default({}),
      /** Lines that the rehearsal STT gives in turn, one for each time that the caller has spoken. */
      script: z.array(z.string().max(2000)).max(500).default([]),
      /** Seeds everything that is random in rehearsal, for repeatable calls. */
      seed: z.int().optional(),
      /** What-if: these kinds are rehearsed at the pace of a published preset (core/providers) instead of being asked. */
      what_if: z.partialRecord(ProviderKind, z.string().max(100)).default({}),
      /** `mock`: tools answer what their `mock` says instead of being run. */
      tools: z.enum(['live', 'mock']).optional(),
      /** A room of this connection; absent: a direct call. */
      connection_id: ConnectionId.optional(),
      /** Who calls, for a room: becomes the caller's metadata and attributes. */
      as: CallerDetails.optional(),
    }),
    /** `media_path`: path of the WebSocket for audio on this origin, for `voice`. */
    output: z.object({ session: SessionSummary, media_path: z.string(), room: RoomJoin.optional() }),
  }),
  'session.say': operation({
    kind: 'command',
    role: 'developer',
    summary: 'Say something as the caller, by text; interrupts the agent when it speaks',
    input: one.extend({ text: z.string().trim().min(1).max(10_000) }),
    output: z.object({}),
  }),
  'session.interrupt': operation({
    kind: 'command',
    role: 'developer',
    idempotent: true,
    summary: 'Stop what the agent is saying',
    input: one,
    output: z.object({}),
  }),
  'session.event': operation({
    kind: 'command',
    role: 'developer',
    summary: 'Tell the extension of a running call, on whichever worker it is, what happened outside of it (hook onEvent)',
    rest: { method: 'POST', path: '/api/v1/sessions/:session_id/events' },
    input: CustomEvent.safeExtend(one.shape),
    output: z.object({}),
  }),
  'session.stop': operation({
    kind: 'command',
    role: 'developer',
    idempotent: true,
    summary: 'End a call, on whichever worker it is',
    rest: { method: 'DELETE', path: '/api/v1/sessions/:session_id' },
    input: one,
    output: SessionSummary,
  }),
  'session.resume': operation({
    kind: 'command',
    role: 'developer',
    audit: 'session',
    summary: 'Go on with a call that has ended: its conversation so far, with head of its agent as it is now',
    input: one,
    output: z.object({ session: SessionSummary, media_path: z.string(), room: RoomJoin.optional() }),
  }),
  'session.switch_agent': operation({
    kind: 'command',
    role: 'developer',
    audit: 'session',
    idempotent: true,
    summary: 'Let another agent go on with a running call, from the next turn',
    rest: { method: 'POST', path: '/api/v1/sessions/:session_id/agent' },
    input: one.extend({ agent_id: AgentId, history: z.enum(['keep', 'clear']).default('keep') }),
    output: SessionSummary,
  }),
  'session.report': operation({
    kind: 'command',
    role: 'developer',
    summary: 'Put a failure that only the page saw (microphone denied, no device) into the call',
    input: one.extend({ message: z.string().max(1000), hint: z.string().max(1000) }),
    output: z.object({}),
  }),
  'session.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Calls, newest first; q searches agent, words said and end reason',
    input: PageQuery.extend({ q: z.string().max(200).optional(), agent_id: AgentId.optional() }),
    output: z.object({ sessions: z.array(SessionSummary), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'session.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'One call',
    rest: { method: 'GET', path: '/api/v1/sessions/:session_id' },
    input: one,
    output: SessionSummary,
  }),
  'session.active': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Calls that go on, on whichever worker: by agent, and how many there are of each',
    rest: { method: 'GET', path: '/api/v1/sessions' },
    input: PageQuery.extend({ agent_id: AgentId.optional(), state: z.enum(['active', 'ended', 'all']).default('active') }),
    output: z.object({
      sessions: z.array(SessionSummary),
      count: z.int(),
      /** Of all that go on. */
      by_agent: z.record(z.string(), z.int()),
      next_cursor: z.string().optional(),
    }),
  }),
  'session.journal': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'The journal of a call, in order, after a position',
    rest: { method: 'GET', path: '/api/v1/sessions/:session_id/journal' },
    input: one.extend({ after: JournalPosition.default({ attempt: 0, seq: 0 }), limit: z.int().min(1).max(5000).default(2000) }),
    output: z.object({ events: z.array(JournalEvent), more: z.boolean() }),
  }),
  'session.delete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'session',
    idempotent: true,
    summary: 'Delete a call; it can be brought back for 30 days',
    input: one,
    output: SessionSummary,
  }),
  'session.forget_caller': operation({
    kind: 'command',
    role: 'admin',
    audit: 'caller',
    idempotent: true,
    summary: 'Remove for ever all calls of a caller (user_id of their metadata); those that go on are ended first',
    rest: { method: 'DELETE', path: '/api/v1/callers/:user_id' },
    input: z.object({ user_id: z.string().min(1).max(500) }),
    /** How many calls are not there any more. */
    output: z.object({ sessions: z.int() }),
  }),
  'session.undelete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'session',
    idempotent: true,
    summary: 'Bring a deleted call back',
    input: one,
    output: SessionSummary,
  }),
} as const

/** What every window hears about calls; the events inside one call come by subscription to that session. */
export const SessionListEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.changed'), session: SessionSummary, tenant_id: TenantId.optional() }),
  z.object({ type: z.literal('session.deleted'), session_id: SessionId, tenant_id: TenantId.optional() }),
])
export type SessionListEvent = Readonly<z.infer<typeof SessionListEvent>>
