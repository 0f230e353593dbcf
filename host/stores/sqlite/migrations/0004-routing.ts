import type { Migration } from '../migrate.ts'

/**
 * A/B weights of a tenant; and head's `routing` beside the agent, so that a decision among thousands reads no documents. Null: not known
 * yet (the agent was saved by an older build), empty: the document has none.
 */
export const routingMigration: Migration = {
  number: 4,
  name: 'A/B weights, what leads to an agent',
  sql: `
    create table route_weights (
      tenant_id text not null primary key,
      body text not null
    );

    alter table agent add column routing text;
  `,
}
