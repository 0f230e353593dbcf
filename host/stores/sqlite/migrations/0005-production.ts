import type { Migration } from '../migrate.ts'

/**
 * What a server of many tenants needs. `served_revision`: what workers serve, null: head. A table's `body` is the JSON of what it keeps;
 * columns beside it are what is looked up or kept apart.
 */
export const productionMigration: Migration = {
  number: 5,
  name: 'tenants, users, keys, sealed secrets, releases, webhooks, what is served',
  sql: `
    alter table agent add column owner_id text;
    alter table agent add column served_revision integer;
    update agent set served_revision = (
      select v.revision from agent_label l
      join agent_version v on v.tenant_id = l.tenant_id and v.agent_id = l.agent_id and v.version = l.version
      where l.tenant_id = agent.tenant_id and l.agent_id = agent.agent_id and l.label = 'production');

    create table tenant (
      tenant_id text not null primary key,
      body text not null
    );

    create table tenant_user (
      tenant_id text not null,
      user_id text not null,
      default_agent_id text collate nocase,
      body text not null,
      primary key (tenant_id, user_id)
    );

    create table api_key (
      tenant_id text not null,
      key_id text not null,
      hash text not null unique,
      last_used_at integer,
      body text not null,
      primary key (tenant_id, key_id)
    );

    create table sealed_secret (
      tenant_id text not null,
      name text not null,
      sealed text not null,
      sealed_key text not null,
      key_id text not null,
      updated_at integer not null,
      primary key (tenant_id, name)
    );

    create table release (
      tenant_id text not null,
      release_id text not null,
      agent_id text not null collate nocase,
      state text not null,
      created_at integer not null,
      body text not null,
      primary key (tenant_id, release_id)
    );
    create unique index release_rolling on release (tenant_id, agent_id) where state = 'rolling';
    create index release_newest on release (tenant_id, created_at desc, release_id desc);

    create table webhook (
      tenant_id text not null,
      webhook_id text not null,
      body text not null,
      primary key (tenant_id, webhook_id)
    );
  `,
}
