import type { Readable } from 'node:stream'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { StudioError } from '../../core/contract/errors.ts'
import { dataFolder } from '../data-folder.ts'
import { productVersion } from '../product-version.ts'
import { addAccessCommands, addRotateCommand } from './access-commands.ts'
import { listAgents, showAgent } from './agent-commands.ts'
import { exportAgent, importAgent } from './bundle-commands.ts'
import { callAgent, type CallOptions } from './call-command.ts'
import type { CommandContext } from './command-context.ts'
import { addInitCommand } from './init-command.ts'
import { addLiveKitCommands } from './livekit-commands.ts'
import { addMigrateCommand } from './migrate-command.ts'
import { addModelCommands } from './model-commands.ts'
import { addProviderCommands } from './provider-commands.ts'
import { addRouteCommand } from './route-command.ts'
import { addSecretCommands } from './secret-commands.ts'
import { addServerCommands } from './serve-command.ts'
import { addTypesCommand } from './types-command.ts'
import { validateAgents } from './validate-command.ts'
import { openStudio } from './open-studio.ts'
import { failureText, type Output } from './output.ts'
import type { StudioLink } from './studio-link.ts'

const USAGE = 2
const FAILED = 1

type Run = Readonly<{ out: Output; stdin: Readable; signal: AbortSignal }>
type GlobalOptions = Readonly<{ data?: string; models?: string; json?: boolean }>

/** Runs one command line (without `node` and the script) and resolves to its exit code: 0 done, 1 failed or different, 2 not understood. */
export async function runProgram(argv: readonly string[], run: Run): Promise<number> {
  let code = 0
  const program = createProgram(run, (result) => (code = result))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : USAGE
    const error =
      cause instanceof StudioError
        ? cause
        : new StudioError(
            'internal',
            cause instanceof Error ? cause.message : String(cause),
            'This is a defect of Greenroom; the log in the data folder may say more.',
          )
    const { json } = program.opts<GlobalOptions>()
    run.out.note(json ? JSON.stringify({ error: error.body }) : failureText(error))
    return FAILED
  }
}

function createProgram({ out, stdin, signal }: Run, finish: (code: number) => void): Command {
  const program = new Command('greenroom')
    .description('Design, test and ship voice agents that answer with structured JSON.')
    .version(productVersion())
    .option('--data <dir>', 'data folder (default: the studio’s own)')
    .option('--models <dir>', 'folder of the built-in models')
    .option('--json', 'print results as JSON, one value a line')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.result(text.trimEnd()), writeErr: (text) => out.note(text.trimEnd()) })
    .showHelpAfterError('(greenroom --help shows what there is)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done · 1 failed, or different (validate, import --dry-run) · 2 not understood\nA running studio is used; without one the data folder is opened.',
    )

  const command = (name: string, description: string): Command => program.command(name).description(description).exitOverride()
  /** Gives a command the studio when it asks for it, and closes it whatever happens. */
  const within = (execute: (context: CommandContext) => Promise<number>): Promise<void> => {
    const { data, models, json } = program.opts<GlobalOptions>()
    return withStudio({ data_dir: dataFolder(data), models_dir: models }, async (studio) =>
      finish(await execute({ studio, out, isJson: json === true, signal })),
    )
  }

  command('list', 'List the agents')
    .option('-q, --query <text>', 'only those with this in name, id, description or tags')
    .option('--deleted', 'the deleted ones')
    .action((options: { query?: string; deleted?: boolean }) =>
      within((context) =>
        listAgents(context, {
          ...(options.query !== undefined && { q: options.query }),
          ...(options.deleted && { deleted: true }),
        }),
      ),
    )
  command('show <agent>', 'Show an agent: what it is made of, its versions, its prompt').action((agent: string) =>
    within((context) => showAgent(context, agent)),
  )
  command('validate <agents...>', 'Check agents by id, or as bundles, folders or agent.json files').action((agents: string[]) =>
    within((context) => validateAgents(context, agents)),
  )
  command('export <agent>', 'Write an agent to a bundle, or to a folder for git')
    .option('-o, --out <file>', 'the bundle to write (default: AGENT.greenroom here)')
    .option('--folder <dir>', 'write a folder instead')
    .option('--versions <list>', 'published versions to include: all, or 1.0.0,1.1.0')
    .action((agent: string, options: { out?: string; folder?: string; versions?: string }) =>
      within((context) => exportAgent(context, agent, options)),
    )
  command('import <path>', 'Read an agent from a bundle or a folder')
    .option('--as <agent>', 'import under another id')
    .option('--dry-run', 'only say what would change; exit code 1 if anything would')
    .action((path: string, options: { as?: string; dryRun?: boolean }) =>
      within((context) => importAgent(context, path, options)),
    )
  addMigrateCommand(command('migrate', 'Bring in agents of other systems, from a database or from files'), within, () =>
    program.opts<GlobalOptions>(),
  )
  addTypesCommand(command('types <agent>', 'TypeScript of what an agent answers, for its frontend'), within, () =>
    dataFolder(program.opts<GlobalOptions>().data),
  )
  command('call <agent>', 'Call an agent without a page; prints one JSON line per event')
    .option('-t, --text <line>', 'say this (again for more lines; - reads lines from standard input)', collected, [])
    .option('-w, --wav <file>', 'say this recording into the microphone')
    .option('-o, --out <file>', 'write what the agent said as a WAV file')
    .option('-c, --connection <name>', 'through a room of this LiveKit connection, by text')
    .option('--seed <number>', 'repeat a rehearsal exactly', wholeNumber)
    .option('--var <name=value>', 'a value for the prompt (again for more)', collected, [])
    .option('--what-if <kind=preset>', 'rehearse a kind at a published pace, such as llm=gpt-4.1 (again for more)', collected, [])
    .option('--timeout <seconds>', 'how long one answer may take', seconds, 120)
    .action((agent: string, options: CallOptions) => within((context) => callAgent(context, agent, options, stdin)))
  addModelCommands(command('models', 'Models for this machine: STT, LLM and TTS without a network'), within)
  addProviderCommands(
    command('providers', 'Providers of STT, LLM and TTS: what there is, whether it works, what it costs'),
    within,
  )
  addRouteCommand(command('route', 'Which agent would answer a caller, by which rule, and why the others do not match'), within)
  addLiveKitCommands(command('livekit', 'LiveKit servers: connections, their test, and the server on this machine'), within)
  const access = {
    out,
    isJson: () => program.opts<GlobalOptions>().json === true,
    data_dir: () => dataFolder(program.opts<GlobalOptions>().data),
    finish,
  }
  const secrets = command('secrets', 'Keys of providers, by name')
  addSecretCommands(secrets, within, stdin)
  addRotateCommand(secrets, access)
  addAccessCommands(command, access)
  addInitCommand(command('init', 'Make the data folder or the tables of a store, with the sample agents when asked'), {
    ...{ out, isJson: access.isJson, folders: () => program.opts<GlobalOptions>() },
  })
  addServerCommands(command, { out, signal, folders: () => program.opts<GlobalOptions>() })
  return program
}

async function withStudio(
  place: { data_dir: string; models_dir: string | undefined },
  work: (studio: () => Promise<StudioLink>) => Promise<void>,
): Promise<void> {
  let opened: Promise<StudioLink> | undefined
  try {
    await work(() => (opened ??= openStudio(place.data_dir, place.models_dir)))
  } finally {
    await (await opened?.catch(() => undefined))?.close()
  }
}

const collected = (value: string, before: string[]): string[] => [...before, value]

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

function seconds(text: string): number {
  const time = wholeNumber(text)
  if (time > 0) return time
  throw new InvalidArgumentError('It must be at least 1.')
}
