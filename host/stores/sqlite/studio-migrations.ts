import type { Migration } from './migrate.ts'
import { agentsMigration } from './migrations/0001-agents.ts'
import { providersMigration } from './migrations/0002-providers.ts'
import { connectionsMigration } from './migrations/0003-connections.ts'
import { routingMigration } from './migrations/0004-routing.ts'
import { productionMigration } from './migrations/0005-production.ts'
import { countsMigration } from './migrations/0006-counts.ts'
import { commitKeysMigration } from './migrations/0007-commit-keys.ts'

/** The schema of studio.db, step by step. */
export const studioMigrations: readonly Migration[] = [
  agentsMigration,
  providersMigration,
  connectionsMigration,
  routingMigration,
  productionMigration,
  countsMigration,
  commitKeysMigration,
]
