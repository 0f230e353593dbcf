import * as z from 'zod'
import type { Selectable } from 'kysely'
import type { StoredSession } from '../../../core/store/calls.ts'
import { JournalEvent } from '../../../core/contract/session-events.ts'
import { SessionSummary } from '../../../core/contract/sessions.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { CallsDatabase, SessionTable } from './calls-database.ts'

const Input = z.object({ variables: z.record(z.string(), z.json()), script: z.array(z.string()), seed: z.int() })

export const toSessionRow = ({ tenant_id, user_id }: TenantScope, { input, ...session }: StoredSession): SessionTable => ({
  ...session,
  tenant_id,
  user_id,
  last_seq: 0,
  input: JSON.stringify(input),
  ended_at: session.ended_at ?? null,
  end_reason: session.end_reason ?? null,
  silence_p50_ms: session.silence_p50_ms ?? null,
  error: session.error ?? null,
  deleted_at: session.deleted_at ?? null,
})

export function fromSessionRow(row: Selectable<SessionTable>): SessionSummary {
  const { ended_at, end_reason, silence_p50_ms, error, deleted_at, ...always } = row
  return SessionSummary.parse({
    ...always,
    ...(ended_at !== null && { ended_at }),
    ...(end_reason !== null && { end_reason }),
    ...(silence_p50_ms !== null && { silence_p50_ms }),
    ...(error !== null && { error }),
    ...(deleted_at !== null && { deleted_at }),
  })
}

export const fromStoredRow = (row: Selectable<SessionTable>): StoredSession => ({
  ...fromSessionRow(row),
  input: Input.parse(JSON.parse(row.input)),
})

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

const Body = z.record(z.string(), z.unknown())

export const fromJournalRow = ({ attempt, seq, at, type, body }: Selectable<CallsDatabase['journal']>): JournalEvent =>
  JournalEvent.parse({ ...Body.parse(JSON.parse(body)), attempt, seq, at, type })
