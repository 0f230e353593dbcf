import type { Command } from 'commander'
import { config as readDotenv } from 'dotenv'
import { DEFAULT_TENANT, DEFAULT_USER, type Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { samplesFolder } from '../agents/read-samples.ts'
import { readServerMode } from '../compose/server-mode.ts'
import { dataFolder } from '../data-folder.ts'
import { createHost } from '../host.ts'
import type { Output } from './output.ts'

type Context = Readonly<{ out: Output; isJson: () => boolean; folders: () => Readonly<{ data?: string }> }>
type Options = Readonly<{ store?: string; samples?: boolean }>

const OPERATOR: Caller = { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER, role: 'operator', via: 'cli' }

/** Everything that a server needs before its first start, so that many instances may start at once. */
export function addInitCommand(command: Command, context: Context): void {
  command
    .option('--store <url>', 'where agents and calls are kept (default: DATABASE_URL, MONGO_URI, else SQLite in the data folder)')
    .option('--samples', 'with the sample agents; those that are there stay as they are')
    .action((options: Options) => init(options, context))
}

/** Again changes nothing that is there. */
async function init({ store, samples }: Options, { out, isJson, folders }: Context): Promise<void> {
  readDotenv({ quiet: true })
  const data_dir = dataFolder(folders().data)
  const server = readServerMode(process.env, { store, worker: false })
  const host = await createHost({ data_dir, server, samples_dir: samples ? samplesFolder() : null })
  try {
    const { kind, address, notes } = await host.storeHealth()
    const reply = await host.dispatch(OPERATOR, 'agent.list', {})
    if (!reply.ok) throw new StudioError(reply.error.code, reply.error.message, reply.error.hint)
    const { agents, count } = reply.value
    if (isJson()) return out.json({ data_dir, store: { kind, address, notes }, agents: agents.map(({ agent_id }) => agent_id) })
    out.result(`Data folder: ${data_dir}`)
    out.result(`Store: ${kind} (${address})`)
    for (const note of notes) out.result(`  ${note}`)
    out.result(count === 0 ? 'Agents: none yet' : `Agents: ${count} (${agents.map(({ agent_id }) => agent_id).join(', ')})`)
    for (const line of nextSteps(server.store_url !== undefined)) out.note(line)
  } finally {
    await host.close()
  }
}

const nextSteps = (shared: boolean): readonly string[] => [
  '',
  'Next:',
  '  1. LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in the environment or in .env, for calls.',
  `  2. greenroom serve${shared ? ' --store …' : ''}: the API, which prints its first key once, and a worker.`,
  `  3. http://127.0.0.1:8000/docs says what can be asked of it.`,
]
