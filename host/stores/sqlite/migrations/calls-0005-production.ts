import type { Migration } from '../migrate.ts'

/**
 * What instances that share calls need of each other. `minutes`: the sum of a month, of the tenant (`bucket` empty) or a key of it;
 * `session_minutes`: what a session took of it ahead of its use. `hidden_until`: an instance is at work on the delivery.
 */
export const callsProductionMigration: Migration = {
  number: 5,
  name: 'deliveries, limits, commands, release of a call',
  sql: `
    alter table session add column release_id text;
    alter table session add column release_version text;
    create index session_release on session (tenant_id, release_id, started_at) where release_id is not null;
    create index session_lease on session (lease_until) where state <> 'ended' and lease_until is not null;
    create index session_active on session (tenant_id, agent_id) where state <> 'ended';

    create table webhook_delivery (
      tenant_id text not null,
      delivery_id text not null,
      webhook_id text not null,
      session_id text not null references session (session_id) on delete cascade,
      state text not null,
      next_at integer,
      hidden_until integer not null default 0,
      created_at integer not null,
      body text not null,
      primary key (tenant_id, delivery_id)
    );
    create index delivery_due on webhook_delivery (next_at) where state = 'waiting';
    create index delivery_newest on webhook_delivery (tenant_id, webhook_id, created_at desc, delivery_id desc);
    create index delivery_session on webhook_delivery (session_id);

    create table session_place (
      tenant_id text not null,
      session_id text not null,
      key_id text,
      owner text not null,
      lease_until integer not null,
      primary key (tenant_id, session_id)
    );
    create index place_lease on session_place (lease_until);
    create index place_owner on session_place (owner);

    create table minutes (
      tenant_id text not null,
      month text not null,
      bucket text not null,
      ms integer not null,
      primary key (tenant_id, month, bucket)
    );
    create table session_minutes (
      tenant_id text not null,
      session_id text not null,
      month text not null,
      bucket text not null,
      ms integer not null,
      primary key (tenant_id, session_id, month, bucket)
    );

    create table request_window (
      tenant_id text not null,
      bucket text not null,
      number integer not null,
      used integer not null,
      primary key (tenant_id, bucket)
    );

    create table session_command (
      position integer primary key autoincrement,
      tenant_id text not null,
      session_id text not null references session (session_id) on delete cascade,
      command_id text not null,
      at integer not null,
      body text not null
    );
    create index command_session on session_command (session_id, position);
  `,
}
