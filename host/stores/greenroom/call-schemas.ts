import * as z from 'zod'
import { AgentId, SessionId } from '../../../core/contract/ids.ts'
import { ProviderKind } from '../../../core/contract/providers.ts'
import { JournalEvent, JournalPosition } from '../../../core/contract/session-events.ts'
import { CallerDetails, SessionSummary } from '../../../core/contract/sessions.ts'
import { TenantId, UserId } from '../../../core/contract/ids.ts'
import { Delivery } from '../../../core/contract/webhooks.ts'
import type { CallChange, CallInput, StoredSession } from '../../../core/store/calls.ts'
import { SessionAsk, type SessionCommand } from '../../../core/store/session-commands.ts'
import { AnyJson } from './document-json.ts'

const text = z.string()
const Input = z.object({
  variables: z.record(text, z.json()),
  script: z.array(text),
  seed: z.number(),
  what_if: z.partialRecord(ProviderKind, text),
  tools: z.enum(['live', 'mock']).exactOptional(),
  as: CallerDetails.exactOptional(),
  user_id: text.exactOptional(),
  key_id: text.exactOptional(),
  overrides: z.record(text, z.json()).exactOptional(),
}) satisfies z.ZodType<CallInput>
const Lease = z.object({ owner: text, lease_until: z.number() })

export const StoredSessionSchema = SessionSummary.extend({
  input: Input,
  lease: Lease.exactOptional(),
  release: z.object({ release_id: text, version: text }).exactOptional(),
}) satisfies z.ZodType<StoredSession>

export const StoredDeliverySchema = Delivery.extend({ body: AnyJson })
export const ScopeSchema = z.object({ tenant_id: TenantId, user_id: UserId })
export const LeftSchema = z.object({ scope: ScopeSchema, session: StoredSessionSchema, last: JournalPosition })

const session = { session_id: SessionId }
const kind = <Kind extends CallChange['kind'], Shape extends z.core.$ZodLooseShape>(name: Kind, shape: Shape) =>
  z.object({ kind: z.literal(name), ...shape })

/** Every change to calls, as it crosses the network. */
export const CallChangeSchema = z.discriminatedUnion('kind', [
  kind('session.create', { session: StoredSessionSchema }),
  kind('session.attempt', { ...session, attempt: z.int(), lease: Lease.exactOptional() }),
  kind('session.lease', { ...session, lease: Lease }),
  kind('session.agent', { ...session, agent_id: AgentId, agent_name: text, revision: z.int() }),
  kind('session.input', { ...session, input: Input }),
  kind('journal.append', { ...session, events: z.array(JournalEvent) }),
  kind('delivery.save', { delivery: StoredDeliverySchema }),
  kind('session.delete', { ...session, at: z.number() }),
  kind('session.undelete', session),
]) satisfies z.ZodType<CallChange>

export const CommandSchema = z.object({
  command_id: text,
  session_id: SessionId,
  at: z.number(),
  ask: SessionAsk,
}) satisfies z.ZodType<SessionCommand>
