import type { Migration } from '../migrate.ts'

/** Who holds a call, and until when that is sure; where a room call takes place, and why its agent answers. */
export const roomsMigration: Migration = {
  number: 3,
  name: 'room calls, owner and lease',
  sql: `
    alter table session add column owner text;
    alter table session add column lease_until integer;
    alter table session add column connection_id text;
    alter table session add column room_name text;
    alter table session add column caller_identity text;
    alter table session add column origin text;
    alter table session add column route text;
    alter table session add column recoveries integer not null default 0;
    create index session_room on session (tenant_id, connection_id, room_name, started_at desc) where room_name is not null;
  `,
}
