import type { Migration } from '../migrate.ts'

/** LiveKit connections; keys as references only. `local` and `environment` have a row for their switches. */
export const connectionsMigration: Migration = {
  number: 3,
  name: 'connections',
  sql: `
    create table connection (
      tenant_id text not null,
      connection_id text not null,
      name text not null,
      url text,
      api_key text,
      api_secret text,
      serve integer not null default 0,
      automatic integer not null default 0,
      primary key (tenant_id, connection_id)
    );
  `,
}
