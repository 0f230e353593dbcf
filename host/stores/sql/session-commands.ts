import type { SessionCommands } from '../../../core/store/session-commands.ts'
import type { CallStoreDeps } from './calls-store.ts'
import { sendCommand, takeCommands } from './command-table.ts'
import type { Signal } from './signal.ts'

/** `signal`: a command was sent, here or elsewhere. */
export const createSessionCommands = ({
  runner,
  dialect,
  signal,
}: CallStoreDeps & Readonly<{ signal: Signal }>): SessionCommands => ({
  send: async (scope, command) => {
    await runner.write(scope.tenant_id, [], async (db) => {
      await sendCommand(db, scope, command)
      await dialect.tellCommand(db)
    })
    signal.tell()
  },
  take: (owner) => runner.writeAcross([], (db) => takeCommands(db, owner)),
  watch: signal.watch,
})
