import type { Migration } from './migrate.ts'
import { sessionsMigration } from './migrations/calls-0001-sessions.ts'
import { costMigration } from './migrations/calls-0002-cost.ts'

/** The schema of calls.db, step by step. */
export const callsMigrations: readonly Migration[] = [sessionsMigration, costMigration]
