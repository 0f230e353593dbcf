import type { Migration } from './migrate.ts'
import { sessionsMigration } from './migrations/calls-0001-sessions.ts'
import { costMigration } from './migrations/calls-0002-cost.ts'
import { roomsMigration } from './migrations/calls-0003-rooms.ts'
import { silenceSentMigration } from './migrations/calls-0004-silence-sent.ts'
import { callsProductionMigration } from './migrations/calls-0005-production.ts'
import { callersMigration } from './migrations/calls-0006-callers.ts'

/** The schema of calls.db, step by step. */
export const callsMigrations: readonly Migration[] = [
  sessionsMigration,
  costMigration,
  roomsMigration,
  silenceSentMigration,
  callsProductionMigration,
  callersMigration,
]
