import type { Migration } from '../migrate.ts'

/** Commits that came under a key, for a while, so that one which is asked again happens once. */
export const commitKeysMigration: Migration = {
  number: 7,
  name: 'keys of commits, age of changes',
  sql: `
    create table commit_key (
      tenant_id text not null,
      key text not null,
      at integer not null,
      primary key (tenant_id, key)
    ) without rowid;
    create index commit_key_at on commit_key (at);
    create index change_at on change (at);
  `,
}
