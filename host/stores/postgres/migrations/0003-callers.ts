import type { PostgresMigration } from '../migrate-postgres.ts'

/**
 * `caller_id`: who called, as the client said it, so that all of a caller's calls can be removed. `commit_key`, `call_commit_key`: commits
 * that came under a key, for a while, so that one which is asked again happens once, whichever instance is asked.
 */
export const callersMigration: PostgresMigration = {
  number: 3,
  name: 'whose calls they are, keys of commits, age of changes',
  sql: `
    alter table session add column caller_id text collate "C";
    -- A text may have characters that jsonb does not take.
    create function pg_temp.caller_of(input text) returns text language plpgsql as $$
      declare said jsonb := replace(input, '\\u0000', '')::jsonb;
      begin
        return left(coalesce(said ->> 'user_id', said #>> '{as,user_id}', said #>> '{variables,user_id}'), 500);
      end $$;
    create function pg_temp.known_caller_of(input text) returns text language plpgsql as $$
      begin
        return pg_temp.caller_of(input);
      exception when others then return null;
      end $$;
    -- Row-level security would hide the rows from who owns them; it is forced again below.
    alter table session no force row level security;
    update session set caller_id = pg_temp.known_caller_of(input);
    create index session_caller on session (tenant_id, caller_id) where caller_id is not null;
    create index session_over on session (tenant_id, ended_at) where state = 'ended';
    create index change_at on change (at);
    create index delivery_over on webhook_delivery (created_at) where state <> 'waiting';

    create table commit_key (
      tenant_id text collate "C" not null,
      key text collate "C" not null,
      at bigint not null,
      primary key (tenant_id, key)
    );
    create index commit_key_at on commit_key (at);
    create table call_commit_key (
      tenant_id text collate "C" not null,
      key text collate "C" not null,
      at bigint not null,
      primary key (tenant_id, key)
    );
    create index call_commit_key_at on call_commit_key (at);
  `,
}
