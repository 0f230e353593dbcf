import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { AgentSummary, DocumentJson } from '../../../core/contract/agents.ts'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import type { SessionStreamMessage, StudioEvent } from '../../../core/contract/events.ts'
import { Settings } from '../../../core/contract/settings.ts'
import { AgentId, type SessionId } from '../../../core/contract/ids.ts'
import { isJournalEvent, type JournalEvent, type SessionEvent } from '../../../core/contract/session-events.ts'
import { createLookout } from '../../../core/testing/lookout.ts'
import type { AgentHead } from '../session-deps.ts'
import type { LocalModels } from '../../runtime/local-model.ts'
import { createRuntime, type RuntimeOptions } from '../../runtime/runtime.ts'
import { callsMigrations } from '../../stores/sqlite/calls-migrations.ts'
import { callStoreOn } from '../../stores/sqlite/stores-on.ts'
import { openDatabase } from '../../stores/sqlite/open-database.ts'
import { createSessions } from '../sessions.ts'
import { document } from './document.ts'

export const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }

const fake = (name: string) => fileURLToPath(new URL(`../../runtime/testing/${name}.ts`, import.meta.url))

/** Processes without agents and engines without voices. */
const FAKES = { 'session-process': fake('fake-session-process'), espeak: fake('fake-engine') }

type Options = Partial<RuntimeOptions> & { dir?: string; real?: boolean; secrets?: Record<string, string>; local?: LocalModels }

/** Sessions on real SQLite and real child processes; `real` takes the agent runtime's own session process. */
export async function startSessions({ dir, real, secrets, local, ...runtimeOptions }: Options = {}) {
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'calls '))
  const log = pino({ level: process.env['GREENROOM_TEST_LOG'] ?? 'silent' })
  const database = openDatabase({ file: join(folder, 'calls.db'), synchronous: 'NORMAL', migrations: callsMigrations })
  const calls = callStoreOn(database)
  const runtime = createRuntime({
    log,
    sessionsPerProcess: () => 10,
    ...(!real && { entries: FAKES }),
    ...runtimeOptions,
  })
  const heads = new Map<string, AgentHead>([['ada', { revision: 1, content: document, enabled: true }]])
  const events: StudioEvent[] = []
  let offline = false
  const sessions = createSessions({
    calls,
    runtime,
    log,
    emit: (event) => events.push(event),
    head: async (_scope, { agent_id }) => heads.get(agent_id),
    secretsFor: () => async (references) =>
      Object.fromEntries(references.flatMap((reference) => (secrets?.[reference] ? [[reference, secrets[reference]]] : []))),
    localModels: () => local ?? { dir: '', models: [] },
    offline: () => offline,
    owner: 'test',
    max_sessions: 100,
    ownPrices: async () => [],
  })
  await sessions.recover()
  const close = async () => {
    await sessions.close()
    await runtime.close()
    database.close()
  }
  let closed: Promise<void> | undefined
  const closeOnce = () => (closed ??= close())
  onTestFinished(async () => {
    await closeOnce()
    if (!dir) rmSync(folder, { recursive: true, force: true })
  })
  return {
    folder,
    calls,
    runtime,
    sessions,
    events,
    close: closeOnce,
    start: (input: Partial<Parameters<typeof sessions.start>[1]> = {}) =>
      sessions.start(scope, {
        agent_id: AgentId.parse('ada'),
        modality: 'text',
        variables: {},
        script: [],
        what_if: {},
        ...input,
      }),
    say: async (session_id: SessionId, text: string) => (await sessions.live(scope, session_id)).say(text),
    save: (content: DocumentJson, revision: number) => {
      heads.set('ada', { revision, content, enabled: true })
      sessions.onStudioEvent({ type: 'agent.changed', agent: { agent_id: 'ada', revision } as AgentSummary })
    },
    goOffline() {
      offline = true
      sessions.onStudioEvent({ type: 'setting.changed', settings: Settings.parse({ offline }) })
    },
    heads,
    watch: (session_id: SessionId, after = { attempt: 0, seq: 0 }) => watch(sessions, session_id, after),
  }
}

/** A subscriber that can be waited on: `until` resolves with the first journal event that fits, also one that came before. */
export async function watch(
  sessions: ReturnType<typeof createSessions>,
  session_id: SessionId,
  after = { attempt: 0, seq: 0 },
  bufferedBytes = () => 0,
) {
  const messages: SessionStreamMessage[] = []
  const { heard, until } = createLookout()
  const stop = await sessions.subscribe(scope, session_id, after, {
    bufferedBytes,
    send: (message) => {
      messages.push(message)
      heard()
    },
  })
  const all = (): SessionEvent[] => messages.flatMap(({ events }) => events)
  return {
    messages,
    stop,
    all,
    journal: () => all().filter(isJournalEvent),
    until,
    journaled: <Type extends JournalEvent['type']>(type: Type, count = 1) =>
      until(() => all().filter((event): event is JournalEvent & { type: Type } => event.type === type)[count - 1]),
  }
}
