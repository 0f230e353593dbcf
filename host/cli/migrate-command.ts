import type { Command } from 'commander'
import { config as readDotenv } from 'dotenv'
import { pino } from 'pino'
import { DEFAULT_TENANT, DEFAULT_USER, type Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { TenantId } from '../../core/contract/ids.ts'
import type { InputOf, OutputOf } from '../../core/contract/index.ts'
import { readServerMode } from '../compose/server-mode.ts'
import { dataFolder } from '../data-folder.ts'
import { createHost } from '../host.ts'
import { openSource } from '../migrating/document-source.ts'
import { migrateAll, type MigratedAll } from '../migrating/migrate-all.ts'
import type { CommandContext } from './command-context.ts'
import type { Output } from './output.ts'

type Options = Readonly<{ from: string; collection?: string; table?: string; store?: string; tenant?: string; dryRun?: boolean }>
type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>
type Ask = (input: InputOf<'migrate.run'>) => Promise<OutputOf<'migrate.run'>>

/** Brings agents of other systems in: into the studio, or with `--store` into the store of a server. */
export function addMigrateCommand(command: Command, within: Within, folders: () => { data?: string }): void {
  command
    .requiredOption('--from <place>', 'mongodb://…, postgres://…, or a folder or file of JSON documents')
    .option('--collection <name>', 'of a MongoDB (default: agent_configurations)')
    .option('--table <name>', 'of a Postgres (default: agent_configurations, agent_configs or agents)')
    .option('--to, --store <url>', 'store of a server: postgres://…, mongodb://… or http(s)://… (default: this studio)')
    .option('--tenant <id>', 'whose agents they become, with --store (default: default)')
    .option('--dry-run', 'only say what would happen; exit code 1 if anything would change')
    .action((options: Options) =>
      within(async (context) => {
        if (options.store === undefined) {
          const studio = await context.studio()
          return migrate(context, options, (input) => studio.call('migrate.run', input))
        }
        return withServer(options, dataFolder(folders().data), (ask) => migrate(context, options, ask))
      }),
    )
}

async function migrate({ out, isJson, signal }: CommandContext, options: Options, ask: Ask): Promise<number> {
  const source = await openSource(options.from, options)
  try {
    const total = source.count === undefined ? '' : ` of ${source.count}`
    const all = await migrateAll({
      ...{ source, ask, signal, dry_run: options.dryRun === true },
      onDocument: (one) => (isJson ? out.json(one) : tell(out, one)),
      onProgress: (done) => out.progress(`${done}${total} documents`),
    })
    for (const line of isJson ? [] : summaryLines(all, options.dryRun === true)) out.note(line)
    const { taken, mended, refused } = all.counts
    return refused > 0 || all.stopped || (options.dryRun && taken + mended > 0) ? 1 : 0
  } finally {
    await source.close()
  }
}

/** What needs nobody's attention is only counted. */
function tell(
  out: Output,
  { source, agent_id, outcome, mended, problems }: Parameters<Parameters<typeof migrateAll>[0]['onDocument']>[0],
): void {
  const words = [...mended, ...problems.map(({ path, message }) => `${path === '' ? '/' : path}: ${message}`)]
  out.result(
    [`${outcome}  ${source}${agent_id === undefined ? '' : ` → ${agent_id}`}`, ...words.map((word) => `    ${word}`)].join('\n'),
  )
}

function summaryLines({ counts, stopped }: MigratedAll, dry_run: boolean): readonly string[] {
  const { taken, mended, unchanged, refused } = counts
  const would = dry_run ? ' (nothing was written)' : ''
  return [
    `${taken} taken, ${mended} mended, ${unchanged} unchanged, ${refused} refused${would}`,
    ...(stopped ? ['Stopped. What is told above is done; the same command goes on with the rest.'] : []),
  ]
}

/** A host on the store, which takes no calls, as its operator. */
async function withServer(options: Options, data_dir: string, work: (ask: Ask) => Promise<number>): Promise<number> {
  readDotenv({ quiet: true })
  const tenant_id = TenantId.parse(options.tenant ?? DEFAULT_TENANT)
  const server = readServerMode(process.env, { store: options.store, worker: false })
  const host = await createHost({ data_dir, server, samples_dir: null, log: pino({ level: 'silent' }) })
  const caller: Caller = { tenant_id, user_id: DEFAULT_USER, role: 'operator', via: 'cli' }
  try {
    const known = await host.dispatch(caller, 'tenant.get', { tenant_id })
    if (!known.ok) throw new StudioError(known.error.code, known.error.message, known.error.hint)
    return await work(async (input) => {
      const reply = await host.dispatch(caller, 'migrate.run', input)
      if (reply.ok) return reply.value
      const { code, message, hint, problems } = reply.error
      throw new StudioError(code, message, hint, problems)
    })
  } finally {
    await host.close()
  }
}
