import type { Generated, Kysely } from 'kysely'

/** The tables of agents and configuration: JSON as text, booleans as 0 and 1, times in ms. */
export type StudioSchema = {
  agent: {
    tenant_id: string
    agent_id: string
    id: string
    name: string
    name_key: string
    description: string
    agent_type: string
    tags: string
    search_text: string
    field_count: number
    checksum: number
    revision: number
    content_hash: string
    edit_count: Generated<number>
    enabled: Generated<number>
    is_default: Generated<number>
    /** Null: not known yet, see the migration. */
    routing: Generated<string | null>
    version: string | null
    version_hash: string | null
    owner_id: string | null
    /** Null: head. */
    served_revision: Generated<number | null>
    created_at: number
    updated_at: number
    deleted_at: number | null
  }
  /** How many agents a tenant has; `deleted` 0 or 1. */
  agent_count: { tenant_id: string; deleted: number; n: number }
  agent_revision: {
    tenant_id: string
    agent_id: string
    revision: number
    content: string
    checksum: number
    content_hash: string
    author: string
    note: string
    created_at: number
  }
  working_copy: {
    tenant_id: string
    agent_id: string
    content: string
    checksum: number
    based_on: number
    edit: number
    client_id: string
    at: number
  }
  agent_version: {
    tenant_id: string
    agent_id: string
    version: string
    revision: number
    name: string
    note: string
    content_hash: string
    author: string
    created_at: number
  }
  agent_label: { tenant_id: string; agent_id: string; label: string; version: string }
  setting: { tenant_id: string; key: string; value: string }
  price: { tenant_id: string; kind: string; provider: string; model: string; price: string }
  provider_check: {
    tenant_id: string
    kind: string
    provider: string
    model: string
    base_url: string
    at: number
    passed_at: number | null
    body: string
  }
  connection: {
    tenant_id: string
    connection_id: string
    name: string
    url: string | null
    api_key: string | null
    api_secret: string | null
    serve: number
    automatic: number
  }
  route_weights: { tenant_id: string; body: string }
  tenant: { tenant_id: string; body: string }
  tenant_user: { tenant_id: string; user_id: string; default_agent_id: string | null; body: string }
  api_key: { tenant_id: string; key_id: string; hash: string; last_used_at: number | null; body: string }
  sealed_secret: { tenant_id: string; name: string; sealed: string; sealed_key: string; key_id: string; updated_at: number }
  release: { tenant_id: string; release_id: string; agent_id: string; state: string; created_at: number; body: string }
  webhook: { tenant_id: string; webhook_id: string; body: string }
  audit: {
    tenant_id: string
    seq: number
    at: number
    actor: string
    action: string
    subject: string
    detail: string
    previous_hash: string
    hash: string
  }
  change: { position: Generated<number>; tenant_id: string; kind: string; subject: string; at: number }
  commit_key: { tenant_id: string; key: string; at: number }
}

/** The database, or the transaction that a commit runs in. */
export type StudioDb = Kysely<StudioSchema>
