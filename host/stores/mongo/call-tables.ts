import * as z from 'zod'
import { SessionId, UserId } from '../../../core/contract/ids.ts'
import { ProviderKind } from '../../../core/contract/providers.ts'
import { JournalEvent } from '../../../core/contract/session-events.ts'
import { CallerDetails, SessionSummary } from '../../../core/contract/sessions.ts'
import { Delivery } from '../../../core/contract/webhooks.ts'
import type { Json } from '../../../core/json.ts'
import type { CallInput, StoredSession } from '../../../core/store/calls.ts'
import { SessionAsk } from '../../../core/store/session-commands.ts'
import { table } from './table.ts'
import type { Where } from './tenant-rows.ts'

const Input: z.ZodType<CallInput> = z.object({
  variables: z.record(z.string(), z.json()),
  script: z.array(z.string()),
  seed: z.number(),
  what_if: z.partialRecord(ProviderKind, z.string()).default({}),
  tools: z.enum(['live', 'mock']).exactOptional(),
  as: CallerDetails.exactOptional(),
  user_id: z.string().exactOptional(),
  key_id: z.string().exactOptional(),
  overrides: z.record(z.string(), z.json()).exactOptional(),
})

/** `open_turns`: what began each of them. `silences`: before each answer that was waited for. */
const CallRow = SessionSummary.extend({
  user_id: UserId,
  input: Input.catch({ variables: {}, script: [], seed: 0, what_if: {} }),
  lease: z.object({ owner: z.string(), lease_until: z.number() }).exactOptional(),
  release: z.object({ release_id: z.string(), version: z.string() }).exactOptional(),
  last_seq: z.int(),
  open_turns: z.record(z.string(), z.string()),
  silences: z.array(z.object({ ms: z.number(), heard: z.boolean() })),
})
export type CallRow = Readonly<z.infer<typeof CallRow>>

export const CALLS = table('calls', CallRow, ({ session_id }) => [session_id])

const UNREADABLE = 'What stood here cannot be read: the database was damaged.'
const Place = z.object({ attempt: z.int(), seq: z.int(), at: z.int() })
/** What damage has made unreadable is told in its place, so that the rest of the call can be read. */
const Event = JournalEvent.or(
  Place.transform((place) => ({ ...place, at_ms: 0, type: 'notice' as const, level: 'warning' as const, text: UNREADABLE })),
)
/** `body`: the event as it was said, in one text, because keys of an output may be any. */
const JournalRow = z.object({ session_id: SessionId, attempt: z.int(), seq: z.int(), event: Event })
export const JOURNAL = table('call_journal', JournalRow, ({ session_id, attempt, seq }) => [session_id, attempt, seq])

const WordsRow = z.object({ session_id: SessionId, attempt: z.int(), seq: z.int(), words: z.array(z.string()) })
export const WORDS = table('call_words', WordsRow, ({ session_id, attempt, seq }) => [session_id, attempt, seq])

const Body: z.ZodType<Json> = z.json()
/** `due_at`: when an instance may take it next; a claim moves it. */
const DeliveryRow = Delivery.extend({ body: Body, user_id: UserId, due_at: z.number().optional() })
export const DELIVERIES = table('deliveries', DeliveryRow, ({ delivery_id }) => [delivery_id])

const CommandRow = z.object({
  command_id: z.string(),
  session_id: SessionId,
  user_id: UserId,
  position: z.int(),
  at: z.number(),
  ask: SessionAsk,
})
export const COMMANDS = table('session_commands', CommandRow, ({ command_id }) => [command_id])

/** Who called, as the client or the studio said it. */
export const calledBy = (user_id: string): Where => ({
  $or: [{ 'input.user_id': user_id }, { 'input.as.user_id': user_id }, { 'input.variables.user_id': user_id }],
})

export function toSummary(row: CallRow): SessionSummary {
  const {
    user_id: _,
    input: __,
    lease: ___,
    release: ____,
    last_seq: _____,
    open_turns: ______,
    silences: _______,
    ...summary
  } = row
  return summary
}

export function toStored(row: CallRow): StoredSession {
  const { input, lease, release } = row
  return { ...toSummary(row), input, ...(lease && { lease }), ...(release && { release }) }
}
