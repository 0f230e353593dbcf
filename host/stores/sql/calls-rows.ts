import * as z from 'zod'
import type { Selectable } from 'kysely'
import type { CallInput, StoredSession } from '../../../core/store/calls.ts'
import { parseJson } from '../../../core/json.ts'
import { callerIdOf } from '../../../core/session/caller-id.ts'
import { ProviderKind } from '../../../core/contract/providers.ts'
import { JournalEvent } from '../../../core/contract/session-events.ts'
import { CallerDetails, SessionSummary } from '../../../core/contract/sessions.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { CallsDatabase, SessionTable } from './calls-schema.ts'

const Input = z.object({
  variables: z.record(z.string(), z.json()),
  script: z.array(z.string()),
  seed: z.int(),
  what_if: z.partialRecord(ProviderKind, z.string()).default({}),
  tools: z.enum(['live', 'mock']).exactOptional(),
  as: CallerDetails.exactOptional(),
  user_id: z.string().exactOptional(),
  key_id: z.string().exactOptional(),
  overrides: z.record(z.string(), z.json()).exactOptional(),
})

const NO_INPUT: CallInput = { variables: {}, script: [], seed: 0, what_if: {} }

export const toSessionRow = (
  { tenant_id, user_id }: TenantScope,
  { input, lease, room, release, ...session }: StoredSession,
): SessionTable => ({
  ...session,
  tenant_id,
  user_id,
  last_seq: 0,
  input: JSON.stringify(input),
  ended_at: session.ended_at ?? null,
  end_reason: session.end_reason ?? null,
  silence_p50_ms: session.silence_p50_ms ?? null,
  silence_sent: session.silence_sent ? 1 : 0,
  cost_nano_usd: session.cost_nano_usd ?? null,
  error: session.error ?? null,
  deleted_at: session.deleted_at ?? null,
  owner: lease?.owner ?? null,
  lease_until: lease?.lease_until ?? null,
  connection_id: room?.connection_id ?? null,
  room_name: room?.room_name ?? null,
  caller_identity: room?.caller_identity ?? null,
  origin: room?.origin ?? null,
  route: session.route ?? null,
  recoveries: session.recoveries ?? 0,
  release_id: release?.release_id ?? null,
  release_version: release?.version ?? null,
  caller_id: callerIdOf(input) ?? null,
})

/** Undefined when damage has made something else of it: one such row must not hide the others, or keep the studio from starting. */
export function readSessionRow(row: Selectable<SessionTable>): SessionSummary | undefined {
  const summary = SessionSummary.safeParse(summaryColumns(row))
  return summary.data
}

export const fromSessionRow = (row: Selectable<SessionTable>): SessionSummary => SessionSummary.parse(summaryColumns(row))

function summaryColumns(row: Selectable<SessionTable>): unknown {
  const { ended_at, end_reason, silence_p50_ms, silence_sent, cost_nano_usd, error, deleted_at, route, recoveries, ...always } =
    row
  return {
    ...always,
    ...(ended_at !== null && { ended_at }),
    ...(end_reason !== null && { end_reason }),
    ...(silence_p50_ms !== null && { silence_p50_ms }),
    ...(silence_sent > 0 && { silence_sent: true }),
    ...(cost_nano_usd !== null && { cost_nano_usd }),
    ...(error !== null && { error }),
    ...(deleted_at !== null && { deleted_at }),
    // A column that an older schema does not have is absent from its rows.
    ...(route && { route }),
    ...(recoveries > 0 && { recoveries }),
    ...roomColumns(row),
  }
}

function roomColumns({ connection_id, room_name, caller_identity, origin }: Selectable<SessionTable>): object {
  if (!room_name) return {}
  return { room: { connection_id, room_name, origin, ...(caller_identity !== null && { caller_identity }) } }
}

/** Without its input, where that is damaged, a call can still be read and ended. */
export function readStoredRow(row: Selectable<SessionTable>): StoredSession | undefined {
  const summary = readSessionRow(row)
  if (!summary) return undefined
  const input = Input.safeParse(parseJson(row.input)).data ?? NO_INPUT
  const { owner, lease_until, release_id, release_version } = row
  return {
    ...summary,
    input,
    ...(owner && lease_until && { lease: { owner, lease_until } }),
    ...(release_id && release_version && { release: { release_id, version: release_version } }),
  }
}

export const toJournalRow = (
  session_id: string,
  { attempt, seq, at, type, ...body }: JournalEvent,
): CallsDatabase['journal'] => ({
  session_id,
  attempt,
  seq,
  at,
  type,
  body: JSON.stringify(body),
})

const UNREADABLE = 'What stood here cannot be read: the database was damaged.'
const Body = z.record(z.string(), z.unknown())

/** What damage has made unreadable is told in its place, so that the rest of the call can be read. */
export function fromJournalRow({ attempt, seq, at, type, body }: Selectable<CallsDatabase['journal']>): JournalEvent {
  const fields = Body.safeParse(parseJson(body)).data
  const event = JournalEvent.safeParse({ ...fields, attempt, seq, at, type })
  return event.data ?? { attempt, seq, at, at_ms: 0, type: 'notice', level: 'warning', text: UNREADABLE }
}
