import type { Migration } from '../migrate.ts'

/**
 * `caller_id`: who called, as the client said it, so that all of a caller's calls can be removed. `call_commit_key`: commits that came under
 * a key, for a while, so that one which is asked again happens once.
 */
export const callersMigration: Migration = {
  number: 6,
  name: 'whose calls they are, keys of commits',
  sql: `
    alter table session add column caller_id text;
    update session set caller_id = substr(coalesce(
      json_extract(input, '$.user_id'), json_extract(input, '$.as.user_id'), json_extract(input, '$.variables.user_id')), 1, 500)
    where json_valid(input);
    create index session_caller on session (tenant_id, caller_id) where caller_id is not null;
    create index session_over on session (tenant_id, ended_at) where state = 'ended';

    create table call_commit_key (
      tenant_id text not null,
      key text not null,
      at integer not null,
      primary key (tenant_id, key)
    ) without rowid;
    create index call_commit_key_at on call_commit_key (at);

    insert into utterance_search (utterance_search, rank) values ('secure-delete', 1);
  `,
}
