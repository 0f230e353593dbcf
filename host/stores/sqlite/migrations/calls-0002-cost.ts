import type { Migration } from '../migrate.ts'

/** Null: nothing that was used has a known price. */
export const costMigration: Migration = {
  number: 2,
  name: 'what calls cost',
  sql: `
    alter table session add column cost_nano_usd integer;
    alter table turn add column cost text;
  `,
}
