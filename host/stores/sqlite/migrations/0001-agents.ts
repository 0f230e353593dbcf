import type { Migration } from '../migrate.ts'

/**
 * `checksum` is of the texts beside it: SQLite's own check does not see bytes that change inside a text. Columns of `agent` beside the state are taken from head's content, so that lists and searches never read documents.
 */
export const agentsMigration: Migration = {
  number: 1,
  name: 'agents, versions, settings, audit, change feed',
  sql: `
    create table agent (
      tenant_id text not null,
      agent_id text not null collate nocase,
      id text not null unique,
      name text not null,
      name_key text not null,
      description text not null,
      agent_type text not null,
      tags text not null,
      search_text text not null,
      field_count integer not null,
      checksum integer not null,
      revision integer not null,
      content_hash text not null,
      edit_count integer not null default 0,
      enabled integer not null default 1,
      is_default integer not null default 0,
      version text,
      version_hash text,
      created_at integer not null,
      updated_at integer not null,
      deleted_at integer,
      primary key (tenant_id, agent_id)
    );
    create index agent_by_name on agent (tenant_id, name_key, agent_id) where deleted_at is null;
    create index agent_deleted on agent (tenant_id, deleted_at) where deleted_at is not null;
    create unique index agent_default on agent (tenant_id) where is_default = 1;

    create table agent_revision (
      tenant_id text not null,
      agent_id text not null collate nocase,
      revision integer not null,
      content text not null,
      checksum integer not null,
      content_hash text not null,
      author text not null,
      note text not null,
      created_at integer not null,
      primary key (tenant_id, agent_id, revision)
    );

    create table working_copy (
      tenant_id text not null,
      agent_id text not null collate nocase,
      content text not null,
      checksum integer not null,
      based_on integer not null,
      edit integer not null,
      client_id text not null,
      at integer not null,
      primary key (tenant_id, agent_id)
    );

    create table agent_version (
      tenant_id text not null,
      agent_id text not null collate nocase,
      version text not null,
      revision integer not null,
      name text not null,
      note text not null,
      content_hash text not null,
      author text not null,
      created_at integer not null,
      primary key (tenant_id, agent_id, version)
    );

    create table agent_label (
      tenant_id text not null,
      agent_id text not null collate nocase,
      label text not null,
      version text not null,
      primary key (tenant_id, agent_id, label)
    );

    create table setting (
      tenant_id text not null,
      key text not null,
      value text not null,
      primary key (tenant_id, key)
    );

    create table audit (
      tenant_id text not null,
      seq integer not null,
      at integer not null,
      actor text not null,
      action text not null,
      subject text not null,
      detail text not null,
      previous_hash text not null,
      hash text not null,
      primary key (tenant_id, seq)
    );

    create table change (
      position integer primary key autoincrement,
      tenant_id text not null,
      kind text not null,
      subject text not null,
      at integer not null
    );
    create index change_by_tenant on change (tenant_id, position);
  `,
}
