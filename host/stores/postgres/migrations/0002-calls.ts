import type { PostgresMigration } from '../migrate-postgres.ts'

/**
 * Calls. Rows below a session have its tenant, so that row-level security need not look it up; the columns fill themselves from the
 * transaction's. `words`: what was said without case and accents; the search runs as a function of its own, which sees one tenant's rows and
 * may use the index.
 */
export const callsMigration: PostgresMigration = {
  number: 2,
  name: 'sessions, journal, deliveries, limits, commands',
  sql: `
    create function fold(value text) returns text language sql immutable strict parallel safe as $$
      select btrim(regexp_replace(
        lower(regexp_replace(normalize(value, NFKD), '[\\u0300-\\u036f]', '', 'g') collate "und-x-icu"), '[^[:alnum:]]+', ' ', 'g'))
    $$;

    create table session (
      session_id text collate "C" primary key,
      tenant_id text collate "C" not null,
      user_id text not null,
      kind text not null,
      modality text not null,
      agent_id text collate "C" not null,
      agent_name text not null,
      revision integer not null,
      state text collate "C" not null,
      attempt integer not null,
      last_seq integer not null default 0,
      input text not null,
      started_at bigint not null,
      ended_at bigint,
      end_reason text,
      turn_count integer not null default 0,
      silence_p50_ms double precision,
      silence_sent smallint not null default 0,
      cost_nano_usd bigint,
      error text,
      preview text not null default '',
      deleted_at bigint,
      owner text collate "C",
      lease_until bigint,
      connection_id text collate "C",
      room_name text collate "C",
      caller_identity text,
      origin text,
      route text,
      recoveries integer not null default 0,
      release_id text collate "C",
      release_version text collate "C"
    );
    create index session_newest on session (tenant_id, started_at desc, session_id desc) where deleted_at is null;
    create index session_agent on session (tenant_id, agent_id, started_at desc, session_id desc) where deleted_at is null;
    create index session_active on session (tenant_id, agent_id) where state <> 'ended';
    create index session_unended on session (state) where state <> 'ended';
    create index session_lease on session (lease_until) where state <> 'ended' and lease_until is not null;
    create index session_owner on session (owner) where owner is not null;
    create index session_deleted on session (deleted_at) where deleted_at is not null;
    create index session_room on session (tenant_id, connection_id, room_name, started_at desc) where room_name is not null;
    create index session_release on session (tenant_id, release_id, started_at) where release_id is not null;

    create table journal (
      session_id text collate "C" not null references session on delete cascade,
      attempt integer not null,
      seq integer not null,
      tenant_id text collate "C" not null default current_setting('greenroom.tenant'),
      at bigint not null,
      type text not null,
      body text not null,
      primary key (session_id, attempt, seq)
    );
    create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception 'the journal is append-only'; end
    $$;
    create trigger journal_append_only before update on journal for each row execute function refuse_change();

    create table turn (
      turn_id text collate "C" primary key,
      session_id text collate "C" not null references session on delete cascade,
      tenant_id text collate "C" not null default current_setting('greenroom.tenant'),
      turn_index integer not null,
      attempt integer not null,
      source text not null,
      revision integer not null,
      state text collate "C" not null,
      started_at bigint not null,
      heard text,
      raw text,
      output text,
      parse text,
      spoken text,
      interrupted smallint not null default 0,
      times text,
      metrics text,
      usage text,
      cost text,
      silence_ms double precision
    );
    create index turn_session on turn (session_id, attempt, turn_index);

    create table utterance (
      id bigint generated always as identity primary key,
      session_id text collate "C" not null references session on delete cascade,
      tenant_id text collate "C" not null default current_setting('greenroom.tenant'),
      text text not null,
      words tsvector generated always as (to_tsvector('simple', greenroom.fold(text))) stored
    );
    create index utterance_session on utterance (session_id);
    create index utterance_words on utterance using gin (words);

    create function sessions_saying(word text) returns setof text language sql stable security definer
      set search_path = greenroom, pg_temp as $$
      select session_id from utterance
      where tenant_id = current_setting('greenroom.tenant')
        and words @@ to_tsquery('simple', nullif(replace(fold(word), ' ', ' <-> '), '') || ':*')
    $$;

    create table webhook_delivery (
      tenant_id text collate "C" not null,
      delivery_id text collate "C" not null,
      webhook_id text collate "C" not null,
      session_id text collate "C" not null references session on delete cascade,
      state text collate "C" not null,
      next_at bigint,
      hidden_until bigint not null default 0,
      created_at bigint not null,
      body text not null,
      primary key (tenant_id, delivery_id)
    );
    create index delivery_due on webhook_delivery (next_at) where state = 'waiting';
    create index delivery_newest on webhook_delivery (tenant_id, webhook_id, created_at desc, delivery_id desc);
    create index delivery_session on webhook_delivery (session_id);

    create table session_place (
      tenant_id text collate "C" not null,
      session_id text collate "C" not null,
      key_id text collate "C",
      owner text collate "C" not null,
      lease_until bigint not null,
      primary key (tenant_id, session_id)
    );
    create index place_lease on session_place (lease_until);
    create index place_owner on session_place (owner);

    create table minutes (
      tenant_id text collate "C" not null,
      month text collate "C" not null,
      bucket text collate "C" not null,
      ms bigint not null,
      primary key (tenant_id, month, bucket)
    );
    create table session_minutes (
      tenant_id text collate "C" not null,
      session_id text collate "C" not null,
      month text collate "C" not null,
      bucket text collate "C" not null,
      ms bigint not null,
      primary key (tenant_id, session_id, month, bucket)
    );

    create table request_window (
      tenant_id text collate "C" not null,
      bucket text collate "C" not null,
      number bigint not null,
      used bigint not null,
      primary key (tenant_id, bucket)
    );

    create table session_command (
      position bigint generated always as identity primary key,
      tenant_id text collate "C" not null,
      session_id text collate "C" not null references session on delete cascade,
      command_id text not null,
      at bigint not null,
      body text not null
    );
    create index command_session on session_command (session_id, position);

    grant create on schema greenroom to greenroom_across;
    alter function sessions_saying(text) owner to greenroom_across;
    revoke create on schema greenroom from greenroom_across;
    revoke all on function greenroom.sessions_saying(text) from public;
    grant execute on function greenroom.sessions_saying(text) to greenroom_app;
  `,
}
