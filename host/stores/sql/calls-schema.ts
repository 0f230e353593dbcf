import type { Generated, Kysely } from 'kysely'

export type SessionTable = {
  session_id: string
  tenant_id: string
  user_id: string
  kind: string
  modality: string
  agent_id: string
  agent_name: string
  revision: number
  state: string
  attempt: number
  last_seq: number
  input: string
  started_at: number
  ended_at: number | null
  end_reason: string | null
  turn_count: number
  silence_p50_ms: number | null
  silence_sent: number
  cost_nano_usd: number | null
  error: string | null
  preview: string
  deleted_at: number | null
  owner: string | null
  lease_until: number | null
  connection_id: string | null
  room_name: string | null
  caller_identity: string | null
  origin: string | null
  route: string | null
  recoveries: number
  release_id: string | null
  release_version: string | null
  caller_id: string | null
}

type JournalTable = { session_id: string; attempt: number; seq: number; at: number; type: string; body: string }

type TurnTable = {
  turn_id: string
  session_id: string
  turn_index: number
  attempt: number
  source: string
  revision: number
  state: string
  started_at: number
  heard: string | null
  raw: string | null
  output: string | null
  parse: string | null
  spoken: string | null
  interrupted: number
  times: string | null
  metrics: string | null
  usage: string | null
  cost: string | null
  silence_ms: number | null
}

type UtteranceTable = { id: Generated<number>; session_id: string; text: string }

type DeliveryTable = {
  tenant_id: string
  delivery_id: string
  webhook_id: string
  session_id: string
  state: string
  next_at: number | null
  hidden_until: Generated<number>
  created_at: number
  body: string
}

type PlaceTable = { tenant_id: string; session_id: string; key_id: string | null; owner: string; lease_until: number }
type MinutesTable = { tenant_id: string; month: string; bucket: string; ms: number }
type RequestWindowTable = { tenant_id: string; bucket: string; number: number; used: number }
type CommitKeyTable = { tenant_id: string; key: string; at: number }
type CommandTable = {
  position: Generated<number>
  tenant_id: string
  session_id: string
  command_id: string
  at: number
  body: string
}

/** The tables of calls; in SQLite they are a file of their own. */
export type CallsDatabase = {
  session: SessionTable
  journal: JournalTable
  turn: TurnTable
  utterance: UtteranceTable
  webhook_delivery: DeliveryTable
  session_place: PlaceTable
  minutes: MinutesTable
  session_minutes: MinutesTable & { session_id: string }
  request_window: RequestWindowTable
  session_command: CommandTable
  call_commit_key: CommitKeyTable
}

/** The database, or a transaction in it. */
export type CallsDb = Kysely<CallsDatabase>
