/**
 * Keys from the command line. Threat: arguments are seen by every process of the machine and kept in the shell's history, so a value is
 * read from standard input or a file and never from the command line; nothing prints one.
 */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import type { Command } from 'commander'
import { SecretName } from '../../core/contract/secrets.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

type Within = (execute: (context: CommandContext) => Promise<number>) => Promise<void>

export function addSecretCommands(secrets: Command, within: Within, stdin: Readable): void {
  secrets
    .command('list')
    .description('Which are kept, and where; never their values')
    .action(() => within(listSecrets))
  secrets
    .command('set <name>')
    .description('Keep what comes on standard input as secret:NAME')
    .action((name: string) => within((context) => setSecret(context, name, stdin)))
  secrets
    .command('import <file>')
    .description('Keep the keys of a .env file: NAME=value becomes secret:NAME')
    .option('--only <names>', 'only these, separated by commas')
    .action((file: string, { only }: { only?: string }) => within((context) => importSecrets(context, file, only)))
  secrets
    .command('remove <name>')
    .description('Forget a secret')
    .action((name: string) => within((context) => removeSecret(context, name)))
}

async function listSecrets({ studio, out, isJson }: CommandContext): Promise<number> {
  const { secrets, protection, warning } = await (await studio()).call('secret.list', {})
  if (isJson) out.json({ secrets, protection, warning })
  else {
    const rows = secrets.map((secret) => [
      secret.reference,
      secret.present ? secret.kept_in.replace('_', ' ') : 'not there',
      secret.updated_at === undefined ? '' : new Date(secret.updated_at).toISOString(),
    ])
    out.result(rows.length === 0 ? 'No keys are kept.' : table([['REFERENCE', 'KEPT IN', 'SINCE'], ...rows]))
  }
  if (warning !== undefined) out.note(warning)
  return 0
}

async function setSecret({ studio, out, isJson }: CommandContext, name: string, stdin: Readable): Promise<number> {
  const value = (await text(stdin)).trim()
  if (value === '')
    throw new StudioError('malformed', 'Nothing came on standard input', `Try: greenroom secrets set ${name} < key.txt`)
  const state = await (await studio()).call('secret.set', { name: readName(name), value })
  if (isJson) out.json(state)
  else out.result(`Kept. Agents refer to it as ${state.reference}`)
  return 0
}

async function importSecrets({ studio, out, isJson }: CommandContext, file: string, only: string | undefined): Promise<number> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StudioError('not_found', `${file} cannot be read`, 'Name a .env file.', [], { cause })
  })
  const names = only?.split(',').map((name) => name.trim())
  const result = await (await studio()).call('secret.import_env', { text: content, ...(names && { names }) })
  if (isJson) out.json(result)
  else
    out.result(
      result.stored.length === 0 ? 'Nothing was taken.' : `Kept: ${result.stored.map((name) => `secret:${name}`).join(', ')}`,
    )
  for (const { name, line, reason } of result.skipped) out.note(`line ${line}: ${name} was left out: ${reason}`)
  return 0
}

async function removeSecret({ studio, out, isJson }: CommandContext, name: string): Promise<number> {
  await (await studio()).call('secret.delete', { name: readName(name) })
  if (isJson) out.json({ removed: name })
  else out.result(`secret:${name} is forgotten`)
  return 0
}

function readName(name: string): string {
  const read = SecretName.safeParse(name.replace(/^secret:/, ''))
  if (read.success) return read.data
  throw new StudioError(
    'malformed',
    `"${name}" cannot be the name of a secret`,
    'Use letters, digits, ".", "_" and "-", 64 at most.',
  )
}
