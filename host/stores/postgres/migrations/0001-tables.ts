import type { PostgresMigration } from '../migrate-postgres.ts'

/**
 * The same tables as in SQLite, in one database. Ids of agents are compared without case by their collation (unlike `citext` or `lower()`,
 * that is an operator which row-level security lets use an index). Columns that lists are sorted by sort as in SQLite, letter by letter.
 * `agent_count`: lists tell how many there are without counting.
 */
export const tablesMigration: PostgresMigration = {
  number: 1,
  name: 'agents and configuration',
  sql: `
    create collation ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

    create table agent (
      tenant_id text collate "C" not null,
      agent_id text collate ignore_case not null,
      id text collate "C" not null unique,
      name text not null,
      name_key text collate "C" not null,
      description text not null,
      agent_type text collate "C" not null,
      tags text collate "C" not null,
      search_text text collate "C" not null,
      field_count integer not null,
      checksum bigint not null,
      revision integer not null,
      content_hash text not null,
      edit_count integer not null default 0,
      enabled smallint not null default 1,
      is_default smallint not null default 0,
      routing text,
      version text,
      version_hash text,
      owner_id text collate "C",
      served_revision integer,
      created_at bigint not null,
      updated_at bigint not null,
      deleted_at bigint,
      primary key (tenant_id, agent_id)
    );
    create index agent_by_name on agent (tenant_id, name_key, agent_id) where deleted_at is null;
    create index agent_deleted on agent (tenant_id, deleted_at) where deleted_at is not null;
    create index agent_by_type on agent (tenant_id, agent_type, name_key, agent_id) where deleted_at is null;
    create unique index agent_default on agent (tenant_id) where is_default = 1;

    create table agent_count (
      tenant_id text collate "C" not null,
      deleted smallint not null,
      n bigint not null,
      primary key (tenant_id, deleted)
    );
    create function count_agents(tenant text, is_deleted boolean, more bigint) returns void language sql as $$
      insert into greenroom.agent_count values (tenant, is_deleted::int, more)
      on conflict (tenant_id, deleted) do update set n = agent_count.n + more
    $$;
    create function agents_added() returns trigger language plpgsql as $$
      begin
        perform greenroom.count_agents(tenant_id, deleted_at is not null, count(*)) from added group by tenant_id, deleted_at is not null;
        return null;
      end
    $$;
    create function agent_changed() returns trigger language plpgsql as $$
      begin
        perform greenroom.count_agents(old.tenant_id, old.deleted_at is not null, -1);
        if tg_op = 'UPDATE' then perform greenroom.count_agents(new.tenant_id, new.deleted_at is not null, 1); end if;
        return null;
      end
    $$;
    -- Of many at once the row would be written once for each.
    create trigger agents_added after insert on agent referencing new table as added
      for each statement execute function agents_added();
    create trigger agent_removed after delete on agent for each row execute function agent_changed();
    create trigger agent_deleted after update on agent for each row
      when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function agent_changed();

    create table agent_revision (
      tenant_id text collate "C" not null,
      agent_id text collate ignore_case not null,
      revision integer not null,
      content text not null,
      checksum bigint not null,
      content_hash text not null,
      author text not null,
      note text not null,
      created_at bigint not null,
      primary key (tenant_id, agent_id, revision)
    );

    create table working_copy (
      tenant_id text collate "C" not null,
      agent_id text collate ignore_case not null,
      content text not null,
      checksum bigint not null,
      based_on integer not null,
      edit integer not null,
      client_id text not null,
      at bigint not null,
      primary key (tenant_id, agent_id)
    );

    create table agent_version (
      tenant_id text collate "C" not null,
      agent_id text collate ignore_case not null,
      version text collate "C" not null,
      revision integer not null,
      name text not null,
      note text not null,
      content_hash text not null,
      author text not null,
      created_at bigint not null,
      primary key (tenant_id, agent_id, version)
    );

    create table agent_label (
      tenant_id text collate "C" not null,
      agent_id text collate ignore_case not null,
      label text collate "C" not null,
      version text collate "C" not null,
      primary key (tenant_id, agent_id, label)
    );

    create table setting (
      tenant_id text collate "C" not null,
      key text collate "C" not null,
      value text not null,
      primary key (tenant_id, key)
    );

    create table price (
      tenant_id text collate "C" not null,
      kind text collate "C" not null,
      provider text collate "C" not null,
      model text collate "C" not null,
      price text not null,
      primary key (tenant_id, kind, provider, model)
    );

    create table provider_check (
      tenant_id text collate "C" not null,
      kind text collate "C" not null,
      provider text collate "C" not null,
      model text collate "C" not null,
      base_url text collate "C" not null,
      at bigint not null,
      passed_at bigint,
      body text not null,
      primary key (tenant_id, kind, provider, model, base_url)
    );

    create table connection (
      tenant_id text collate "C" not null,
      connection_id text collate "C" not null,
      name text collate "C" not null,
      url text,
      api_key text,
      api_secret text,
      serve smallint not null default 0,
      automatic smallint not null default 0,
      primary key (tenant_id, connection_id)
    );

    create table route_weights (
      tenant_id text collate "C" primary key,
      body text not null
    );

    create table tenant (
      tenant_id text collate "C" primary key,
      body text not null
    );

    create table tenant_user (
      tenant_id text collate "C" not null,
      user_id text collate "C" not null,
      default_agent_id text collate ignore_case,
      body text not null,
      primary key (tenant_id, user_id)
    );

    create table api_key (
      tenant_id text collate "C" not null,
      key_id text collate "C" not null,
      hash text collate "C" not null unique,
      last_used_at bigint,
      body text not null,
      primary key (tenant_id, key_id)
    );

    create table sealed_secret (
      tenant_id text collate "C" not null,
      name text collate "C" not null,
      sealed text not null,
      sealed_key text not null,
      key_id text not null,
      updated_at bigint not null,
      primary key (tenant_id, name)
    );

    create table release (
      tenant_id text collate "C" not null,
      release_id text collate "C" not null,
      agent_id text collate ignore_case not null,
      state text collate "C" not null,
      created_at bigint not null,
      body text not null,
      primary key (tenant_id, release_id)
    );
    create unique index release_rolling on release (tenant_id, agent_id) where state = 'rolling';
    create index release_newest on release (tenant_id, created_at desc, release_id desc);

    create table webhook (
      tenant_id text collate "C" not null,
      webhook_id text collate "C" not null,
      body text not null,
      primary key (tenant_id, webhook_id)
    );

    create table audit (
      tenant_id text collate "C" not null,
      seq bigint not null,
      at bigint not null,
      actor text not null,
      action text not null,
      subject text not null,
      detail text not null,
      previous_hash text not null,
      hash text not null,
      primary key (tenant_id, seq)
    );

    create table change (
      position bigint generated always as identity primary key,
      tenant_id text collate "C" not null,
      kind text not null,
      subject text not null,
      at bigint not null
    );
    create index change_by_tenant on change (tenant_id, position);
  `,
}
