import type { SessionCommands } from '../../../core/store/session-commands.ts'
import type { CallsDb } from './calls-database.ts'
import { sendCommand, takeCommands } from './command-table.ts'
import { inTransaction } from './in-transaction.ts'
import { createSignal } from './signal.ts'

/** Commands within one process: whoever holds calls is told at once. */
export function createSessionCommands(db: CallsDb): SessionCommands {
  const signal = createSignal()
  return {
    send: async (scope, command) => {
      await inTransaction(db, (writer) => sendCommand(writer, scope, command))
      signal.tell()
    },
    take: (owner) => inTransaction(db, (writer) => takeCommands(writer, owner)),
    watch: signal.watch,
  }
}
