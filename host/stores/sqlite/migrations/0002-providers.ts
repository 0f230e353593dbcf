import type { Migration } from '../migrate.ts'

/** Own prices, and the last check of each model at each address; `passed_at` outlives a check that fails later. */
export const providersMigration: Migration = {
  number: 2,
  name: 'own prices, checks of providers',
  sql: `
    create table price (
      tenant_id text not null,
      kind text not null,
      provider text not null,
      model text not null,
      price text not null,
      primary key (tenant_id, kind, provider, model)
    );

    create table provider_check (
      tenant_id text not null,
      kind text not null,
      provider text not null,
      model text not null,
      base_url text not null,
      at integer not null,
      passed_at integer,
      body text not null,
      primary key (tenant_id, kind, provider, model, base_url)
    );
  `,
}
