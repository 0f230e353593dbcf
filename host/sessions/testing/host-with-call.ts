/** A host with one call and one warm process more, for the test that kills it. Argument: its data folder. */
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import { AgentId } from '../../../core/contract/ids.ts'
import { createRuntime } from '../../runtime/runtime.ts'
import { callsMigrations } from '../../stores/sqlite/calls-migrations.ts'
import { callStoreOn } from '../../stores/sqlite/stores-on.ts'
import { openDatabase } from '../../stores/sqlite/open-database.ts'
import { createSessions } from '../sessions.ts'
import { document } from './document.ts'

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
const log = pino({ level: 'silent' })
const database = openDatabase({ file: `${process.argv[2]}/calls.db`, synchronous: 'NORMAL', migrations: callsMigrations })
const runtime = createRuntime({
  log,
  sessionsPerProcess: () => 1,
  entries: { 'session-process': fileURLToPath(new URL('../../runtime/testing/fake-session-process.ts', import.meta.url)) },
})
const sessions = createSessions({
  calls: callStoreOn(database),
  runtime,
  log,
  emit: () => undefined,
  head: async () => ({ revision: 1, content: document, enabled: true }),
  secretsFor: () => async () => ({}),
  localModels: () => ({ dir: '', models: [] }),
  offline: () => false,
  owner: 'test',
  max_sessions: 100,
  ownPrices: async () => [],
})
sessions.warm()
const { session } = await sessions.start(scope, {
  agent_id: AgentId.parse('ada'),
  modality: 'text',
  variables: {},
  script: [],
  what_if: {},
})
const { session_id } = session
const live = await sessions.live(scope, session_id)
await sessions.subscribe(
  scope,
  session_id,
  { attempt: 0, seq: 0 },
  {
    bufferedBytes: () => 0,
    send: ({ events }) => {
      if (!events.some(({ type }) => type === 'turn.committed')) return
      // The commit is broadcast first and on disk a moment later.
      setTimeout(() => process.send?.({ session_id, pids: runtime.processes().map(({ pid }) => pid) }), 200)
    },
  },
)
await live.send({ type: 'say', session_id, text: 'remember me' })
