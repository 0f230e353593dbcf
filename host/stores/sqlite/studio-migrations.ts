import type { Migration } from './migrate.ts'
import { agentsMigration } from './migrations/0001-agents.ts'
import { providersMigration } from './migrations/0002-providers.ts'

/** The schema of studio.db, step by step. */
export const studioMigrations: readonly Migration[] = [agentsMigration, providersMigration]
